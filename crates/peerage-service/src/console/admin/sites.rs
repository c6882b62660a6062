//! Sites.

use peerage_store::StoreError;

use super::sheet::{Choices, same};
use crate::app::App;

/// What a field for a site offers.
pub(super) async fn offered(app: &App) -> Result<Choices, StoreError> {
    let sites = app.db(peerage_store::Store::sites).await?;
    Ok(same(sites.iter().map(|site| site.name.as_str())))
}
