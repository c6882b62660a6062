//! Columns for people: aligned with blanks, no lines drawn, nothing wrapped.

use crate::printable::printable;

/// A titled group of fields.
#[derive(Debug)]
pub(crate) struct Section {
    title: &'static str,
    fields: Vec<(String, String)>,
}

impl Section {
    pub(crate) fn new(title: &'static str, fields: impl IntoIterator<Item = (impl Into<String>, String)>) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value));
        Self {
            title,
            fields: fields.collect(),
        }
    }

    /// Adds a field at the end.
    pub(crate) fn push(&mut self, name: &str, value: impl Into<String>) {
        self.fields.push((name.to_owned(), value.into()));
    }

    /// Section, field and value of each field.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Vec<String>> {
        let row = |(name, value): &(String, String)| vec![self.title.to_owned(), name.clone(), value.clone()];
        self.fields.iter().map(row)
    }
}

/// A list under a header in upper case.
pub(crate) fn list(header: &[&str], rows: &[Vec<String>]) -> String {
    let header = header.iter().map(|name| name.to_uppercase()).collect();
    let rows: Vec<Vec<String>> = std::iter::once(header)
        .chain(rows.iter().map(|row| row.iter().map(|cell| shown(cell)).collect()))
        .collect();
    aligned(&rows)
}

/// Sections one below the other, parted by an empty line; the values of all of them in one column.
pub(crate) fn sections(sections: &[Section]) -> String {
    let widest = sections
        .iter()
        .flat_map(|section| section.fields.iter())
        .map(|(name, _)| width(name))
        .max()
        .unwrap_or_default();
    let mut text = String::new();
    for section in sections {
        if !text.is_empty() {
            text.push('\n');
        }
        let indent = if section.title.is_empty() { "" } else { "  " };
        if !section.title.is_empty() {
            text.push_str(section.title);
            text.push('\n');
        }
        if section.fields.is_empty() {
            text.push_str("  none\n");
        }
        for (name, value) in &section.fields {
            text.push_str(indent);
            pad(&mut text, name, widest + 2);
            text.push_str(&shown(value));
            text.push('\n');
        }
    }
    text
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|column| {
            rows.iter()
                .filter_map(|row| row.get(column))
                .map(|cell| width(cell))
                .max()
        })
        .map(Option::unwrap_or_default)
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            pad(&mut line, cell, width + 2);
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn pad(line: &mut String, cell: &str, to: usize) {
    line.push_str(cell);
    line.extend(std::iter::repeat_n(' ', to.saturating_sub(width(cell))));
}

/// Width in characters. Those that take two columns push what follows aside; that is all.
fn width(cell: &str) -> usize {
    cell.chars().count()
}

/// `-` for nothing.
fn shown(cell: &str) -> String {
    if cell.is_empty() {
        return "-".to_owned();
    }
    printable(cell)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[&str]) -> Vec<String> {
        cells.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn columns_are_aligned_and_lines_end_without_blanks() {
        let text = list(&["number", "name"], &[row(&["1", "Åsa"]), row(&["1001.long", ""])]);
        assert_eq!(text, "NUMBER     NAME\n1          Åsa\n1001.long  -\n");
    }

    #[test]
    fn control_characters_are_escaped() {
        let text = list(&["agent"], &[row(&["\u{1b}[31mred\n"])]);
        assert_eq!(text, "AGENT\n\\u{1b}[31mred\\n\n");
    }

    #[test]
    fn values_of_all_sections_stand_in_one_column() {
        let text = sections(&[
            Section::new("One", [("a", "1".to_owned())]),
            Section::new("Two", [("long", String::new())]),
            Section::new("Three", Vec::<(String, String)>::new()),
        ]);
        assert_eq!(text, "One\n  a     1\n\nTwo\n  long  -\n\nThree\n  none\n");
    }
}
