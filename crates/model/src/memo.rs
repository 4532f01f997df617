//! What analyses compute of a view, kept with it.

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// Values of different types, each computed once. Nothing is ever removed, so a value can be borrowed from it.
#[derive(Default)]
pub(crate) struct Memo {
    /// A lock for each type, held by the thread that computes its value. Other types are not held up.
    computing: Mutex<HashMap<TypeId, Arc<Mutex<()>>>>,
    first: OnceLock<Box<Node>>,
}

struct Node {
    value: Box<dyn Any + Send + Sync>,
    next: OnceLock<Box<Node>>,
}

impl fmt::Debug for Memo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memo")
    }
}

impl Memo {
    /// The value of a type; computed if it is not there. To compute it may take values of other types from here.
    pub(crate) fn get_or_compute<T: Any + Send + Sync>(&self, compute: impl Fn() -> T) -> &T {
        if let Some(value) = self.get() {
            return value;
        }
        let mut computing = self.computing.lock().unwrap_or_else(PoisonError::into_inner);
        let of_type = Arc::clone(computing.entry(TypeId::of::<T>()).or_default());
        drop(computing);
        let _turn = of_type.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match self.get() {
                Some(value) => return value,
                None => self.push(Box::new(compute())),
            }
        }
    }

    fn get<T: Any>(&self) -> Option<&T> {
        std::iter::successors(self.first.get(), |node| node.next.get()).find_map(|node| node.value.downcast_ref())
    }

    fn push(&self, value: Box<dyn Any + Send + Sync>) {
        let mut node = Box::new(Node { value, next: OnceLock::new() });
        let mut end = &self.first;
        // Another type may be put there at the same time.
        while let Err(back) = end.set(node) {
            node = back;
            let Some(taken) = end.get() else { return };
            end = &taken.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_value_is_computed_once_and_may_need_another() {
        let (memo, count) = (Memo::default(), AtomicUsize::new(0));
        let number = || {
            count.fetch_add(1, Ordering::Relaxed);
            7_u32
        };
        let text = || memo.get_or_compute(number).to_string();
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope
                    .spawn(|| assert_eq!((memo.get_or_compute(text).as_str(), *memo.get_or_compute(number)), ("7", 7)));
            }
        });
        assert_eq!(count.into_inner(), 1);
    }
}
