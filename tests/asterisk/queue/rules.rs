//! Rules that change the penalties that count while a caller waits.

use super::centre::Centre;
use super::versions::on_versions;

#[test]
fn rules_are_read_at_the_start_in_the_order_of_their_steps() {
    let rules = "
        insert into peerage.queue_rule (name, after_seconds, min_penalty, max_penalty)
        values ('patience', 100, null, '+5'), ('patience', 9, '2', '3'), ('patience', 30, null, '-1'), ('zeal', 1, '1', null)";
    on_versions(|version| {
        let centre = Centre::start_with(version, rules);
        let said = centre.cli("queue show rules");
        let steps = [
            "Rule: patience",
            "After 9 seconds, adjust QUEUE_MAX_PENALTY to 3, adjust QUEUE_MIN_PENALTY to 2 and adjust QUEUE_RAISE_PENALTY by 0",
            "After 30 seconds, adjust QUEUE_MAX_PENALTY by -1, adjust QUEUE_MIN_PENALTY by 0 and adjust QUEUE_RAISE_PENALTY by 0",
            "After 100 seconds, adjust QUEUE_MAX_PENALTY by 5, adjust QUEUE_MIN_PENALTY by 0 and adjust QUEUE_RAISE_PENALTY by 0",
            "Rule: peerage-probe",
            "After 0 seconds, adjust QUEUE_MAX_PENALTY by 0, adjust QUEUE_MIN_PENALTY by 0 and adjust QUEUE_RAISE_PENALTY by 0",
            "Rule: zeal",
            "After 1 seconds, adjust QUEUE_MAX_PENALTY by 0, adjust QUEUE_MIN_PENALTY to 1 and adjust QUEUE_RAISE_PENALTY by 0",
        ];
        assert_eq!(said.lines().map(str::trim).collect::<Vec<_>>(), steps);
        centre.assert_quiet();
    });
}
