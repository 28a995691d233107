/// A time without the database: when it began, and when to try again.
struct Outage: Equatable {
    let began: ContinuousClock.Instant
    var nextAttempt: ContinuousClock.Instant
    var attempts = 0
}
