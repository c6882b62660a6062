//! What a login of the database could do beyond its rights.
