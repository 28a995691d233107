import Diagnostics
import Hashing
import Postgres

/// What one batch changes in the read models that no template touches: one optional fold per projection of generation 0.
///
/// This is the one list to which such a read model is added, beside its name in ``ProjectionName/facts``.
struct FactFolds {
    /// Device states and traffic.
    var devices: DeviceFold?
    /// What the events of `devices` may repeat.
    var repeats = BatchRepeats()
    /// Values of properties.
    var properties: PropertyFold?
    /// Error reports.
    var errors: ErrorFold?
    /// What happened to exports.
    var exports: ExportFold?

    /// Has the batch feed a projection.
    mutating func start(_ projection: ProjectionName) {
        switch projection {
        case .device: devices = DeviceFold()
        case .property: properties = PropertyFold()
        case .error: errors = ErrorFold()
        case .export: exports = ExportFold()
        case .finding: preconditionFailure("Cannot fold findings without a generation")
        }
    }

    /// Takes one event in, as the decoder left it.
    mutating func apply(
        _ event: borrowing DecodedEvent, _ record: borrowing RecordView, decoder: borrowing EventDecoder, device: Int32, offset: Int64,
        hash: inout SHA256
    ) {
        if devices != nil {
            let isRepeated = repeats.isRepeat(event, payload: record.payload, offset: offset)
            let isExportable = event.kind == .telemetry && ExportExpectation.unfiltered(event, record) == .expected
            devices?.apply(
                event, device: device, offset: offset, size: record.payload?.byteCount ?? 0, isExportable: isExportable, isRepeated: isRepeated)
        }
        properties?.apply(event, record, decoder: decoder, device: device, offset: offset, hash: &hash)
        errors?.apply(event, record, decoder: decoder, device: device, offset: offset, hash: &hash)
        exports?.apply(event, record, decoder: decoder, offset: offset)
    }

    /// Starts the same batch over.
    mutating func reset() {
        devices?.reset()
        repeats.reset()
        properties?.reset()
        errors?.reset()
        exports?.reset()
    }

    /// The days of hourly tables that the changes touch.
    var hourLeaves: [HourLeaves.Need] { devices?.hourLeaves ?? [] }

    /// Writes the changes, in the batch's transaction.
    func write(source: Int32, rows: inout CopyBuffer, on connection: inout Connection) throws(PostgresError) {
        try devices?.write(source: source, rows: &rows, on: &connection)
        try properties?.write(source: source, rows: &rows, on: &connection)
        try errors?.write(source: source, rows: &rows, on: &connection)
        try exports?.write(source: source, rows: &rows, on: &connection)
    }

    /// The temporary tables of all of them.
    static let tables = DeviceFold.tables + PropertyFold.tables + ErrorFold.tables + ExportFold.tables
}
