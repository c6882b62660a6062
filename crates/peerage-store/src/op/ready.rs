use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::StoreError;
use crate::pool::Store;

#[derive(QueryableByName)]
struct Installed {
    #[diesel(sql_type = Text)]
    content_hash: String,
}

impl Store {
    /// The hash of the views in force; none when they were never installed.
    ///
    /// # Errors
    ///
    /// The database does not answer, or was never migrated.
    pub fn installed_views(&self) -> Result<Option<String>, StoreError> {
        self.read(|connection| {
            let newest = "select content_hash from peerage.view_install order by id desc limit 1";
            let installed: Option<Installed> = diesel::sql_query(newest).get_result(connection).optional()?;
            Ok(installed.map(|installed| installed.content_hash))
        })
    }
}
