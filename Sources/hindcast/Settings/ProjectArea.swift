/// `project.*`: how projections run.
struct ProjectArea: Sendable {
    let workers: Int
    let batchRows: Int
    let lease: Duration
    var snapshot: Duration

    init(_ reader: SettingsReader) throws(OperatorError) {
        workers = try reader.value(.projectWorkers)?.wholeNumber() ?? 1
        batchRows = try reader.value(.projectBatchRows)?.wholeNumber() ?? 5000
        lease = .seconds(try reader.value(.projectLease)?.wholeNumber() ?? 15)
        snapshot = .seconds(try reader.value(.projectSnapshot)?.wholeNumber() ?? 5)
    }
}
