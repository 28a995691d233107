extension Timestamp {
    /// The instant that lies so many microseconds later, or earlier where they are negative; at the bounds of 64 bits it stops.
    package func shifted(by distance: Int64) -> Timestamp {
        let (sum, overflow) = microseconds.addingReportingOverflow(distance)
        return Timestamp(microseconds: overflow ? (distance < 0 ? .min : .max) : sum)
    }

    /// How many microseconds later it is than another instant; negative where it is earlier.
    package func distance(since other: Timestamp) -> Int64 {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(other.microseconds)
        return overflow ? (microseconds < other.microseconds ? .min : .max) : difference
    }
}
