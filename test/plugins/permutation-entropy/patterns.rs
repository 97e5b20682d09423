// Ordinal patterns. A window of `order` samples, `delay` apart, is described by the order of their values alone; the number of
// a pattern is its Lehmer code, the sum over its samples i of (later samples that are smaller) times (order - 1 - i)!.

#[derive(Clone, Copy)]
pub struct Shape {
    pub order: usize,
    pub delay: usize,
}

impl Shape {
    /// Samples from the first of a window to its last, both included.
    fn span(self) -> usize {
        (self.order - 1) * self.delay + 1
    }
}

pub struct Counts {
    shape: Shape,
    counts: Vec<u64>,
    /// The last samples, as a ring.
    recent: Vec<f64>,
    pushed: usize,
    skipped: u64,
}

impl Counts {
    pub fn new(shape: Shape) -> Counts {
        let possible = (1..=shape.order).product();
        Counts { shape, counts: vec![0; possible], recent: vec![0.0; shape.span()], pushed: 0, skipped: 0 }
    }

    pub fn push(&mut self, sample: f64) {
        let span = self.recent.len();
        self.recent[self.pushed % span] = sample;
        self.pushed += 1;
        if self.pushed < span {
            return;
        }
        match self.pattern() {
            Some(pattern) => self.counts[pattern] += 1,
            None => self.skipped += 1,
        }
    }

    /// The pattern of the window that ends with the newest sample; None when one of its samples is missing.
    fn pattern(&self) -> Option<usize> {
        let (Shape { order, delay }, span) = (self.shape, self.recent.len());
        let sample = |i: usize| self.recent[(self.pushed + i * delay) % span];
        let mut code = 0;
        for i in 0..order {
            if sample(i).is_nan() {
                return None;
            }
            // Equal values count as rising: only a later sample that is strictly smaller changes the pattern.
            code = code * (order - i) + (i + 1..order).filter(|&later| sample(later) < sample(i)).count();
        }
        Some(code)
    }

    pub fn vectors(&self) -> u64 {
        self.counts.iter().sum()
    }

    pub fn skipped(&self) -> u64 {
        self.skipped
    }

    pub fn possible(&self) -> usize {
        self.counts.len()
    }

    pub fn distinct(&self) -> usize {
        self.counts.iter().filter(|&&count| count > 0).count()
    }

    /// -sum p log2 p; None without a window.
    pub fn bits(&self) -> Option<f64> {
        let total = self.vectors() as f64;
        if total == 0.0 {
            return None;
        }
        let shares = self.counts.iter().filter(|&&count| count > 0).map(|&count| count as f64 / total);
        // Adding 0 turns the -0 of a single pattern into 0.
        Some(shares.map(|share| -share * share.log2()).sum::<f64>() + 0.0)
    }

    /// The bits as a share of log2(order!), the most there can be.
    pub fn normalised(&self) -> Option<f64> {
        self.bits().map(|bits| bits / (self.counts.len() as f64).log2())
    }
}
