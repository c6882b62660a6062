//! Caller ids. A name without a number goes with the account's own, because PJSIP shows no name alone.
//!
//! In a file `;` begins a comment unless it follows `\`; in a column it separates values, and `^` begins a code.

use super::super::case::{Case, case};

pub(in super::super) const CASES: &[Case] = &[
    case("cid-both", "callerid_name = 'Ada King', callerid_number = '1001'").both(r#"callerid = "Ada King" <1001>"#),
    case("cid-name", "callerid_name = 'Ada King'").both(r#"callerid = "Ada King" <cid-name>"#),
    case("cid-number", "callerid_number = '+49301234'").both("callerid = <+49301234>"),
    case("cid-letters", "callerid_number = 'ada.king_2-x*#'").both("callerid = <ada.king_2-x*#>"),
    case("cid-digits", "callerid_name = '1234', callerid_number = '5'").both(r#"callerid = "1234" <5>"#),
    case("cid-digits-alone", "callerid_name = '1234'").both(r#"callerid = "1234" <cid-digits-alone>"#),
    case(
        "cid-quotes",
        r#"callerid_name = 'Ada "the" King', callerid_number = '1'"#,
    )
    .both(r#"callerid = "Ada \"the\" King" <1>"#),
    case("cid-all-quotes", r#"callerid_name = '"""', callerid_number = '1'"#).both(r#"callerid = "\"\"\"" <1>"#),
    case("cid-apostrophe", "callerid_name = 'O''Neill', callerid_number = '1'").both(r#"callerid = "O'Neill" <1>"#),
    case("cid-backslash", r"callerid_name = 'a\b\', callerid_number = '1'").both(r#"callerid = "a\\b\\" <1>"#),
    case(
        "cid-backslash-quote",
        r#"callerid_name = 'a\"b', callerid_number = '1'"#,
    )
    .both(r#"callerid = "a\\\"b" <1>"#),
    case("cid-semicolon", "callerid_name = 'King; Ada;', callerid_number = '1'")
        .both(r#"callerid = "King\; Ada\;" <1>"#),
    case(
        "cid-backslash-semicolon",
        r"callerid_name = 'a\;b', callerid_number = '1'",
    )
    .both(r#"callerid = "a\\\;b" <1>"#),
    case("cid-caret", "callerid_name = 'a^b^', callerid_number = '1'").both(r#"callerid = "a^b^" <1>"#),
    case("cid-code", "callerid_name = '^3B^5E^3b^', callerid_number = '1'").both(r#"callerid = "^3B^5E^3b^" <1>"#),
    case("cid-all-signs", r#"callerid_name = ';^"\;^"\', callerid_number = '1'"#)
        .both(r#"callerid = "\;^\"\\\;^\"\\" <1>"#),
    case("cid-angles", "callerid_name = 'a <2> b', callerid_number = '1'").both(r#"callerid = "a <2> b" <1>"#),
    case("cid-angles-alone", "callerid_name = 'Ada <2>'").both(r#"callerid = "Ada <2>" <cid-angles-alone>"#),
    case(
        "cid-signs",
        "callerid_name = 'a=b, ${c} [d] %e #f @g:h', callerid_number = '1'",
    )
    .both(r#"callerid = "a=b, ${c} [d] %e #f @g:h" <1>"#),
    case("cid-blanks", "callerid_name = '  Ada  ', callerid_number = '1'").both(r#"callerid = "  Ada  " <1>"#),
    case("cid-utf8", "callerid_name = 'Ζωή Ω 漢字 🦀 é', callerid_number = '1'")
        .both(r#"callerid = "Ζωή Ω 漢字 🦀 é" <1>"#),
    // 79 bytes are the most that a name may have.
    case(
        "cid-longest",
        "callerid_name = repeat('1234567890', 7) || '123456789', callerid_number = '1'",
    )
    .both(r#"callerid = "1234567890123456789012345678901234567890123456789012345678901234567890123456789" <1>"#),
    case(
        "cid-longest-utf8",
        "callerid_name = repeat('é', 39) || 'e', callerid_number = '1'",
    )
    .both(r#"callerid = "ééééééééééééééééééééééééééééééééééééééée" <1>"#),
    case(
        "cid-longest-quotes",
        r#"callerid_name = repeat('"', 40), callerid_number = '1'"#,
    )
    .both(r#"callerid = "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"" <1>"#),
];
