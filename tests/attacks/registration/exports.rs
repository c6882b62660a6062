//! A name that a spreadsheet would compute.

use peerage_store::fields::kind::Agents;
use peerage_store::file::{self, CsvFile, SecretSource};
use peerage_store::{Actor, Filter, Mode, NewAgent, Store};
use peerage_testkit::db::TestDb;

const FORMULAS: [&str; 6] = [
    "=cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1+1)",
    "'=1+1",
    "\u{ff1d}1+1",
];

/// The same secret for all.
struct Sesame;

impl SecretSource for Sesame {
    fn secret_for(&mut self, _: &peerage_model::Number) -> Result<peerage_model::Secret, String> {
        Ok("sesame-open-7".parse().unwrap())
    }

    fn finish(&mut self) -> Result<(), String> {
        Ok(())
    }
}

fn store(db: &TestDb) -> Store {
    Store::open(&db.url().parse().unwrap(), Actor::new("test:ada").unwrap()).unwrap()
}

fn exported(store: &Store) -> String {
    let mut output = Vec::new();
    file::export::<Agents>(store, Filter::default(), &mut output).unwrap();
    String::from_utf8(output).unwrap()
}

/// Every cell of a CSV, as a spreadsheet reads it.
fn cells(csv: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for sign in csv.chars() {
        match sign {
            '"' => quoted = !quoted,
            ',' | '\n' | '\r' if !quoted => cells.push(String::new()),
            sign => cells.last_mut().unwrap().push(sign),
        }
    }
    cells
}

#[test]
fn no_cell_of_an_export_is_a_formula_and_it_reads_back_exact() {
    let (db, other) = (TestDb::new(), TestDb::new());
    let (here, there) = (store(&db), store(&other));
    for (place, name) in FORMULAS.into_iter().enumerate() {
        let number = format!("{}", 1001 + place);
        let agent = NewAgent::new(number.parse().unwrap(), name.parse().unwrap());
        here.add_agent(&agent, &"sesame-open-7".parse().unwrap()).unwrap();
    }
    let csv = exported(&here);
    for cell in cells(&csv) {
        let formula = cell.starts_with([
            '=', '+', '-', '@', '\t', '\r', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
        ]);
        assert!(!formula, "{cell:?} in\n{csv}");
    }
    let file = CsvFile::<_, Agents>::begin(csv.as_bytes()).unwrap();
    file.import(&there, &mut Sesame, Mode::Commit).unwrap();
    assert_eq!(exported(&there), csv);
    let names = "select string_agg(full_name, E'\\n' order by full_name collate \"C\") from peerage.agent";
    assert_eq!(other.psql(names), db.psql(names));
}
