//! Keys recorded and played.

use std::collections::VecDeque;

use rustyline::KeyEvent;

/// The most keys that one key may play: a macro may play itself.
pub const MOST_PLAYED: usize = 100_000;

/// The recording, the last one, and the keys that are still to be played.
#[derive(Debug, Default)]
pub struct Macros {
    recording: Option<Vec<KeyEvent>>,
    recorded: Vec<KeyEvent>,
    playing: VecDeque<KeyEvent>,
    /// How many keys were played since one was typed.
    played: usize,
}

impl Macros {
    /// A key was typed.
    pub fn typed(&mut self, key: KeyEvent) {
        self.played = 0;
        if let Some(recording) = &mut self.recording {
            recording.push(key);
        }
    }

    /// Whether there are keys to play.
    pub fn is_playing(&self) -> bool {
        !self.playing.is_empty()
    }

    /// The next key to play. Too many after one that was typed are dropped.
    pub fn next_key(&mut self) -> Option<KeyEvent> {
        self.played += 1;
        if self.played > MOST_PLAYED {
            self.playing.clear();
        }
        self.playing.pop_front()
    }

    /// Has keys played, before those that wait.
    pub fn play(&mut self, keys: &[KeyEvent]) {
        for key in keys.iter().rev() {
            self.playing.push_front(*key);
        }
    }

    /// Forgets what was to be played, and the recording.
    pub fn abandon(&mut self) {
        self.playing.clear();
        self.recording = None;
    }

    /// Begins to record; `goes_on` keeps what was recorded before, and plays it.
    pub fn start_recording(&mut self, goes_on: bool) {
        let keys = if goes_on { self.recorded.clone() } else { Vec::new() };
        self.play(&keys);
        self.recording = Some(keys);
    }

    /// What was recorded so far.
    pub fn recording(&self) -> Option<&[KeyEvent]> {
        self.recording.as_deref()
    }

    /// Ends the recording, whose last keys are none of it; returns whether there was one.
    pub fn end_recording(&mut self, ending: usize) -> bool {
        let Some(mut keys) = self.recording.take() else { return false };
        keys.truncate(keys.len().saturating_sub(ending));
        self.recorded = keys;
        true
    }

    /// What was recorded last.
    pub fn recorded(&self) -> &[KeyEvent] {
        &self.recorded
    }

    /// Plays what was recorded, so often; returns whether that can be: not while it is recorded.
    pub fn play_recorded(&mut self, times: usize) -> bool {
        if self.recording.is_some() || self.recorded.is_empty() {
            return false;
        }
        let times = times.min(MOST_PLAYED / self.recorded.len());
        let keys = self.recorded.repeat(times);
        self.play(&keys);
        true
    }
}
