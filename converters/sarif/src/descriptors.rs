//! Rules as JSON, written once for all runs that have them.

use std::{
    collections::BTreeSet,
    io,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::{context::Context, rule_id::RuleNumber, rule_text};

/// How much of them is kept, in bytes: some 10,000 rules.
const KEPT: usize = 32 << 20;

/// The rules of a report as JSON. Those that are kept are copied into the next run that has them.
#[derive(Debug)]
pub(crate) struct Descriptors {
    json: Vec<OnceLock<Box<[u8]>>>,
    /// How many bytes more may be kept.
    room: AtomicUsize,
}

impl Descriptors {
    /// For so many rules; whether one can stand in several runs.
    pub(crate) fn new(rules: usize, several: bool) -> Descriptors {
        let kept = if several { rules } else { 0 };
        Descriptors { json: (0..kept).map(|_| OnceLock::new()).collect(), room: AtomicUsize::new(KEPT) }
    }

    /// Writes a rule of a run that has these kinds of weakness; says whether there is one.
    pub(crate) fn write(
        &self,
        number: RuleNumber,
        context: &Context<'_>,
        taxa: &BTreeSet<u32>,
        out: &mut Vec<u8>,
    ) -> io::Result<bool> {
        let Some(rule) = context.rules.get(number) else { return Ok(false) };
        // Weaknesses go by their number in the run.
        let place = self.json.get(number as usize).filter(|_| rule.weaknesses.is_empty());
        if let Some(json) = place.and_then(OnceLock::get) {
            out.extend_from_slice(json);
            return Ok(true);
        }
        let start = out.len();
        let descriptor = rule_text::descriptor(rule, taxa, context.texts, context.is_for_viewers);
        serde_json::to_writer(&mut *out, &descriptor)?;
        if let Some(place) = place {
            let json = &out[start..];
            let take = |room: usize| room.checked_sub(json.len());
            if self.room.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take).is_ok() {
                place.get_or_init(|| json.into());
            }
        }
        Ok(true)
    }
}
