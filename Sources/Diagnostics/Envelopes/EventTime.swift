/// Which of the times that a record comes with its event goes by.
enum EventTime {
    private static let day = Timestamp.microsecondsPerDay

    /// From 2000 to 2100: what a service's clock can show at all.
    private static let era = Timestamp(startOfDay: 0)..<Timestamp(microseconds: 4_102_444_800_000_000)

    /// Whether the service's time agrees with the broker's: at most 30 days before it (an export may retry for long) and one day after (clocks).
    ///
    /// Without a broker's time, as in a capture of any age, or with one that is none (a producer may choose it), only the century counts. A rule rests on
    /// this, so it asks the record alone and not when the log took it: whoever judges the record, and whenever, says the same.
    static func isPlausible(_ serviceTime: Timestamp, brokerTime: Timestamp?) -> Bool {
        guard let brokerTime, brokerTime.microseconds >= 0, brokerTime < era.upperBound else { return era.contains(serviceTime) }
        let distance = serviceTime.microseconds - brokerTime.microseconds
        return (-30 * day...day).contains(distance)
    }

    /// The time that the log files an event under: the service's, the broker's where that one is implausible or absent, and the time of ingest where
    /// neither has a place in tables, which hold no hours of tomorrow and later.
    static func choose(service: Timestamp?, isPlausible: Bool, broker: Timestamp?, ingest: Timestamp) -> Timestamp {
        let last = Timestamp(microseconds: min(ingest, .latest).microseconds + day)
        let service = service.flatMap { $0 < era.lowerBound || $0 > last ? nil : $0 }
        let broker = broker.flatMap { $0.microseconds < 0 || $0 > last ? nil : $0 }
        return (isPlausible ? service ?? broker : broker ?? service) ?? ingest
    }
}
