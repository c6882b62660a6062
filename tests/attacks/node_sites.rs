//! What a node sees of sites that it does not serve, and what the private cluster's logins may do.
