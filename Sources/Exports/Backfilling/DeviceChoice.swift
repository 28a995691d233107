import Diagnostics

/// Which devices a backfill sends events of: all, or those that some ids and patterns name. Ids are looked up, so a list of a whole fleet costs no more than one.
struct DeviceChoice: Sendable {
    private let ids: Set<DevicePattern>
    private let patterns: [DevicePattern]

    /// Takes ids and patterns; none is all devices.
    init(_ texts: [String]) {
        let all = texts.map { DevicePattern($0) }
        ids = Set(all.filter(\.isLiteral))
        patterns = all.filter { !$0.isLiteral }
    }

    /// Whether a device is among them.
    func holds(_ device: String) -> Bool {
        if ids.isEmpty, patterns.isEmpty { return true }
        return ids.contains(DevicePattern(device)) || patterns.contains { $0.matches(device) }
    }
}
