//! How people of each way of life come and go. Sample: quantiles of the completed stays and absences of each way,
//! stretched where long stays were cut off by the end of the three years.

use crate::{draw::Spread, way::Way};

/// Coming and going of one way of life.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// Came and went before the window opened already; else the first entry falls in it.
    pub established: f64,
    /// Days of a stay.
    pub stay: Spread,
    /// Days of absence.
    pub absence: Spread,
    /// Comes again after a visit.
    pub returns: f64,
    /// To the same region.
    pub same_region: f64,
    /// Moves to another region during a visit.
    pub moves: f64,
    /// Age in 2024.
    pub age: Spread,
    /// Men among them.
    pub men: f64,
    /// A job on a visit long enough; first day after entry (after the patent where there is one).
    pub works: f64,
    pub job_after: Spread,
    /// Voluntary insurance for a visit.
    pub insurance: f64,
    /// Medical examination on a long visit without patent.
    pub examined: f64,
}

const NEVER: Spread = Spread([0; 9]);
const NONE: Rhythm = Rhythm {
    established: 0.0,
    stay: NEVER,
    absence: NEVER,
    returns: 0.0,
    same_region: 0.6,
    moves: 0.0,
    age: NEVER,
    men: 0.5,
    works: 0.0,
    job_after: Spread([1, 2, 4, 9, 17, 24, 27, 28, 29]),
    insurance: 0.0,
    examined: 0.0,
};

const VISITOR: Rhythm = Rhythm {
    established: 0.2,
    stay: Spread([3, 8, 10, 16, 28, 42, 54, 60, 85]),
    absence: Spread([40, 49, 58, 80, 128, 194, 253, 289, 395]),
    returns: 0.905,
    age: Spread([16, 20, 23, 31, 40, 52, 59, 65, 74]),
    men: 0.452,
    ..NONE
};
const LONG: Rhythm = Rhythm {
    established: 0.69,
    stay: Spread([100, 160, 205, 275, 375, 495, 625, 690, 860]),
    absence: Spread([12, 13, 14, 20, 29, 39, 50, 56, 69]),
    returns: 0.96,
    moves: 0.06,
    age: Spread([19, 21, 24, 28, 34, 42, 48, 52, 58]),
    men: 0.846,
    works: 0.82,
    job_after: Spread([1, 2, 4, 9, 17, 24, 28, 30, 38]),
    insurance: 0.86,
    ..NONE
};
const TOURIST: Rhythm = Rhythm {
    established: 0.1,
    stay: Spread([2, 3, 3, 5, 8, 12, 14, 14, 17]),
    absence: Spread([150, 154, 170, 210, 270, 340, 390, 400, 420]),
    returns: 0.55,
    age: Spread([17, 20, 24, 27, 36, 49, 58, 62, 68]),
    men: 0.478,
    ..NONE
};
const EAEU_WORKER: Rhythm = Rhythm {
    established: 0.64,
    stay: Spread([40, 105, 140, 215, 330, 480, 600, 650, 760]),
    absence: Spread([8, 9, 10, 15, 24, 35, 44, 51, 64]),
    returns: 0.95,
    moves: 0.05,
    age: Spread([20, 22, 24, 28, 35, 43, 49, 53, 57]),
    men: 0.676,
    works: 0.88,
    insurance: 0.0,
    examined: 0.44,
    ..NONE
};
const VISA_WORKER: Rhythm = Rhythm {
    established: 0.6,
    stay: Spread([60, 140, 180, 260, 370, 500, 580, 620, 680]),
    absence: Spread([15, 15, 16, 19, 25, 34, 43, 46, 52]),
    returns: 0.95,
    moves: 0.05,
    age: Spread([21, 23, 24, 29, 33, 41, 45, 49, 54]),
    men: 0.803,
    works: 0.92,
    insurance: 0.8,
    examined: 0.44,
    ..NONE
};
const SEASONAL: Rhythm = Rhythm {
    established: 0.57,
    stay: Spread([80, 108, 115, 135, 165, 202, 235, 250, 290]),
    absence: Spread([60, 63, 66, 76, 105, 150, 210, 235, 280]),
    returns: 0.95,
    moves: 0.018,
    age: Spread([19, 21, 23, 26, 31, 38, 44, 48, 52]),
    men: 0.919,
    works: 0.64,
    job_after: Spread([1, 2, 3, 7, 13, 19, 24, 27, 32]),
    insurance: 0.95,
    ..NONE
};
const TRANSIT: Rhythm = Rhythm {
    established: 0.15,
    stay: Spread([0, 0, 0, 0, 0, 1, 1, 1, 1]),
    absence: Spread([31, 38, 46, 90, 180, 303, 385, 447, 537]),
    returns: 0.85,
    age: Spread([18, 20, 23, 28, 34, 47, 58, 60, 63]),
    men: 0.711,
    ..NONE
};
const RVP: Rhythm = Rhythm {
    established: 0.95,
    stay: Spread([60, 160, 240, 310, 420, 560, 680, 740, 860]),
    absence: Spread([8, 8, 9, 13, 21, 28, 39, 43, 58]),
    returns: 0.97,
    moves: 0.06,
    age: Spread([20, 23, 25, 28, 36, 45, 55, 56, 58]),
    men: 0.485,
    works: 0.52,
    ..NONE
};
const VNZH: Rhythm = Rhythm {
    established: 0.97,
    stay: Spread([90, 200, 280, 390, 560, 760, 950, 1_020, 1_200]),
    absence: Spread([8, 9, 10, 16, 24, 35, 45, 53, 62]),
    returns: 0.97,
    moves: 0.05,
    age: Spread([20, 23, 27, 32, 40, 51, 59, 63, 70]),
    men: 0.51,
    works: 0.57,
    job_after: Spread([3, 5, 6, 12, 22, 60, 200, 300, 420]),
    ..NONE
};
const STUDENT: Rhythm = Rhythm {
    established: 0.66,
    stay: Spread([130, 150, 164, 180, 212, 250, 276, 292, 330]),
    absence: Spread([20, 31, 43, 101, 140, 171, 192, 198, 228]),
    returns: 0.97,
    same_region: 1.0,
    age: Spread([17, 18, 19, 20, 22, 23, 25, 26, 27]),
    men: 0.55,
    works: 0.17,
    insurance: 0.9,
    examined: 0.38,
    ..NONE
};
const HQS: Rhythm = Rhythm {
    established: 0.8,
    stay: Spread([60, 76, 83, 108, 130, 178, 208, 224, 292]),
    absence: Spread([7, 7, 8, 9, 13, 17, 21, 24, 28]),
    returns: 0.98,
    moves: 0.02,
    age: Spread([33, 34, 35, 37, 40, 45, 52, 55, 58]),
    men: 0.714,
    works: 0.66,
    insurance: 0.97,
    ..NONE
};
const NATURALISED: Rhythm = Rhythm {
    age: Spread([23, 23, 24, 31, 37, 54, 59, 61, 63]),
    men: 0.629,
    works: 0.33,
    ..VNZH
};
const DIPLOMAT: Rhythm = Rhythm {
    established: 0.62,
    stay: Spread([60, 100, 180, 280, 390, 480, 540, 560, 620]),
    absence: Spread([11, 11, 12, 19, 23, 27, 29, 32, 34]),
    returns: 0.97,
    age: Spread([26, 26, 27, 30, 41, 42, 48, 50, 51]),
    men: 0.8,
    ..NONE
};
/// A child's age only: it comes and goes with its parent.
const CHILD: Rhythm = Rhythm {
    age: Spread([-1, -1, 0, 1, 5, 8, 10, 13, 16]),
    men: 0.556,
    examined: 0.42,
    ..NONE
};
/// A spouse's examination only: it comes and goes with the other.
const SPOUSE: Rhythm = Rhythm {
    examined: 0.4,
    men: 0.36,
    ..NONE
};

/// By way of life.
pub const RHYTHMS: [Rhythm; 15] = [
    VISITOR,
    LONG,
    TOURIST,
    EAEU_WORKER,
    VISA_WORKER,
    SEASONAL,
    TRANSIT,
    RVP,
    VNZH,
    STUDENT,
    HQS,
    NATURALISED,
    DIPLOMAT,
    CHILD,
    SPOUSE,
];

impl Way {
    pub const fn rhythm(self) -> &'static Rhythm {
        &RHYTHMS[self as usize]
    }
}
