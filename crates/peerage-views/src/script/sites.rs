//! The views of the schema `asterisk_sites`: those of `asterisk`, with the rows of the sites that a node serves.
//!
//! They are made from the same files, so that no column can differ. Each is a security barrier: no function of the reader's
//! sees a row before the filter on sites has passed it.

use crate::source::Source;

/// Which sites the login of this session serves. One small index scan for each statement, not for each row.
const SERVED: &str = "any (array(
  select served.site_id
  from peerage.node_site as served
  where served.login = session_user
))";

/// The view of a file with its comments and its trigger, whose function stays the one of the schema `asterisk`.
pub(super) fn restricted(source: &Source) -> String {
    let name = source.name();
    let mut sql = String::new();
    for block in source.sql.split("\n\n") {
        let block = without_remarks(block);
        let made = if block.starts_with("create view ") {
            view(source, block)
        } else if block.starts_with("comment on view ") || block.starts_with("comment on column ") {
            block.replace(&format!(" asterisk.{name}"), &format!(" asterisk_sites.{name}"))
        } else if block.starts_with("create trigger ") {
            block.replace(&format!(" on asterisk.{name}"), &format!(" on asterisk_sites.{name}"))
        } else {
            continue;
        };
        sql.push_str(made.trim_end());
        sql.push_str("\n\n");
    }
    sql
}

fn view(source: &Source, block: &str) -> String {
    let name = source.name();
    // A row of another site can be neither read nor made. PostgreSQL has the check for views that it writes through itself.
    let check = if source.is_written() && !source.sql.contains("\ncreate trigger ") {
        ", check_option = local"
    } else {
        ""
    };
    let block = block.replace(
        &format!("create view asterisk.{name} as"),
        &format!("create view asterisk_sites.{name} with (security_barrier = true{check}) as"),
    );
    let Some(column) = source.site() else { return block };
    let alias = column.split('.').next().unwrap_or(column);
    let of_none = if source.has_rows_of_no_site() {
        format!("{column} is null\n  or ")
    } else {
        String::new()
    };
    block.replace(
        &format!(" as {alias};"),
        &format!(" as {alias}\nwhere {of_none}{column} = {SERVED};"),
    )
}

/// A block from its first statement on.
fn without_remarks(block: &str) -> &str {
    let mut rest = block.trim_start_matches('\n');
    while rest.starts_with("--") {
        rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::VIEWS;

    #[test]
    fn every_view_whose_rows_belong_to_a_site_is_filtered_by_it() {
        let mut filtered = 0;
        for source in VIEWS.iter().filter(|source| source.schema() == "asterisk") {
            let sql = restricted(source);
            let name = source.name();
            assert!(sql.contains(&format!(
                "create view asterisk_sites.{name} with (security_barrier = true"
            )));
            assert!(!sql.contains(&format!(" on asterisk.{name}\n")), "{sql}");
            let filter = source.site().map(|column| {
                if source.has_rows_of_no_site() {
                    format!("\nwhere {column} is null\n  or {column} = any (array(")
                } else {
                    format!("\nwhere {column} = any (array(")
                }
            });
            match filter {
                Some(filter) => {
                    filtered += 1;
                    assert_eq!(sql.matches(&filter).count(), 1, "{sql}");
                }
                None => assert!(["queues", "queue_rules", "queue_log"].contains(&name), "{name}"),
            }
            assert_eq!(
                sql.matches("comment on column asterisk_sites.").count(),
                source.columns().len()
            );
        }
        assert_eq!(filtered, 8);
    }
}
