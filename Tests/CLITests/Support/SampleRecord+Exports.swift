import Diagnostics
import LogSupport

extension SampleRecord {
    /// What a service says when export `id` is switched on or off.
    static func toggled(_ id: String, _ isOn: Bool, at time: Timestamp) -> SampleRecord {
        let headers = [
            ("ce_specversion", "1.0"), ("ce_id", "\(id)/\(time.rfc3339)"), ("ce_source", "/app"), ("ce_type", "dev.hindcast.export.toggled"),
            ("ce_subject", id), ("ce_time", time.rfc3339),
        ]
        return SampleRecord(
            headers: headers.map { ($0.0, Array($0.1.utf8)) }, payload: Array(#"{"export":"\#(id)","enabled":\#(isOn)}"#.utf8), brokerTime: time)
    }
}
