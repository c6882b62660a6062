//! Temporary.
use diesel::Connection;
pub(crate) fn connect(url: &peerage_store::DatabaseUrl) -> Result<diesel::PgConnection, crate::failure::Failure> {
    diesel::PgConnection::establish(url.expose()).map_err(|e| crate::failure::Failure::because(&e))
}
