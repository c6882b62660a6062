//! Keeps a file that is none, or one with a quote that is never closed, from filling the memory.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// Most bytes read for one line of the file, the reader's own buffer included.
const MOST: u64 = 1024 * 1024;

/// What may still be read for the present line.
#[derive(Clone)]
pub(super) struct Allowance(Rc<Cell<u64>>);

impl Allowance {
    /// A new line begins.
    pub(super) fn renew(&self) {
        self.0.set(MOST);
    }
}

/// A reader that fails when one line takes too much.
pub(super) struct Bounded<R> {
    input: R,
    left: Allowance,
}

impl<R: Read> Bounded<R> {
    /// The reader, and the allowance that whoever reads lines renews.
    pub(super) fn new(input: R) -> (Self, Allowance) {
        let left = Allowance(Rc::new(Cell::new(MOST)));
        let reader = Self {
            input,
            left: left.clone(),
        };
        (reader, left)
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.left.0.get();
        if left == 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "a line is longer than 1 MiB; perhaps a quote is not closed",
            ));
        }
        let count = self.input.read(buffer)?;
        self.left
            .0
            .set(left.saturating_sub(u64::try_from(count).unwrap_or(u64::MAX)));
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endless_line_is_refused_and_an_endless_file_is_not() {
        let (mut endless, allowance) = Bounded::new(io::repeat(b'x'));
        let mut chunk = [0; 64 * 1024];
        let mut read = 0;
        while endless.read(&mut chunk).is_ok() {
            read += chunk.len();
        }
        assert_eq!(read, 1024 * 1024);
        allowance.renew();
        assert!(endless.read(&mut chunk).is_ok());
    }
}
