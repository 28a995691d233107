import Diagnostics

/// What is sent: a pure function of the seed and the record's number, so that two runs with the same options send the same.
enum RecordMix {
    case telemetry(TelemetryMix)
    case garbage(GarbageMix)
    case mixed(MixedMix)

    /// The record of a number from 0 on.
    func record(_ number: Int, at time: Timestamp) -> LoadRecord {
        switch self {
        case .telemetry(let mix): mix.record(number, at: time)
        case .garbage(let mix): mix.record(number, at: time)
        case .mixed(let mix): mix.record(number, at: time)
        }
    }
}
