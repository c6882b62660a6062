//! The period of a history, in the time zone of the agent's site.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use peerage_model::Number;
use peerage_store::{Store, StoreError};

use crate::args::state::{History as Args, Moment};
use crate::failure::Failure;

/// The clock at the site.
pub(super) struct Clock {
    pub(super) name: String,
    zone: TimeZone,
}

impl Clock {
    /// That of the agent's site; one who was removed has none.
    pub(super) fn of(store: &Store, number: &Number) -> Result<Self, Failure> {
        let site = match store.agent(number) {
            Ok(agent) => store.site(&agent.account.site)?,
            Err(StoreError::NotFound(_)) => {
                return Ok(Self {
                    name: "UTC".to_owned(),
                    zone: TimeZone::UTC,
                });
            }
            Err(error) => return Err(error.into()),
        };
        let zone = TimeZone::get(&site.time_zone).map_err(|error| {
            let what = format!("cannot use the time zone of site {}", site.name);
            Failure::while_trying(&what, &error)
                .hint("install the time zone data (Debian: tzdata), or change the site's time zone")
        })?;
        Ok(Self {
            name: site.time_zone,
            zone,
        })
    }

    /// From when to when; never beyond now, since what is open would count as if it had lasted.
    pub(super) fn window(&self, args: &Args, now: Timestamp) -> Result<(Timestamp, Timestamp), Failure> {
        let (from, to) = if let Some(day) = args.day {
            let next = day.tomorrow().map_err(|error| out_of_range(&error))?;
            (self.begin(day)?, self.begin(next)?)
        } else {
            let to = args.to.map_or(Ok(now), |to| self.at(to))?;
            let from = match args.from {
                Some(from) => self.at(from)?,
                // The day that ends at midnight is the one before.
                None => {
                    let last = to.checked_sub(1.nanosecond()).map_err(|error| out_of_range(&error))?;
                    self.begin(last.to_zoned(self.zone.clone()).date())?
                }
            };
            (from, to)
        };
        if from >= to {
            let (from, to) = (self.shows(from), self.shows(to));
            return Err(
                Failure::usage(format!("the period from {from} to {to} is empty")).hint("choose a --from before --to")
            );
        }
        if from >= now {
            return Err(Failure::usage(format!("{} is in the future", self.shows(from))));
        }
        Ok((from, to.min(now)))
    }

    fn at(&self, moment: Moment) -> Result<Timestamp, Failure> {
        match moment {
            Moment::Absolute(at) => Ok(at),
            Moment::Local(local) => {
                let zoned = local.to_zoned(self.zone.clone());
                Ok(zoned.map_err(|error| out_of_range(&error))?.timestamp())
            }
        }
    }

    /// The first moment of a day, which is not midnight everywhere.
    fn begin(&self, day: Date) -> Result<Timestamp, Failure> {
        let zoned = day.to_zoned(self.zone.clone());
        Ok(zoned.map_err(|error| out_of_range(&error))?.timestamp())
    }

    pub(super) fn shows(&self, at: Timestamp) -> String {
        let zoned = at.to_zoned(self.zone.clone());
        zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    pub(super) fn shows_end(&self, at: Option<Timestamp>) -> String {
        at.map(|at| self.shows(at)).unwrap_or_default()
    }
}

fn out_of_range(error: &jiff::Error) -> Failure {
    Failure::usage(format!("time out of range: {error}"))
}
