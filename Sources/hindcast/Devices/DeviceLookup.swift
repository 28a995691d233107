import Postgres

/// Finds the one device that an operator means.
enum DeviceLookup {
    /// The device of a name, `DEVICE` or `TENANT/DEVICE`.
    ///
    /// - Throws: ``ExitStatus/usage`` where several tenants have it, ``ExitStatus/negative`` where nobody has.
    static func find(_ text: String, tenant: String?, on connection: inout Connection) throws -> DeviceRow {
        let found = try connection.query(SelectNamedDevices(text: text, tenant: tenant ?? "", splits: splits(of: text)))
        if let only = found.first, found.count == 1 { return only }
        guard found.isEmpty else { throw ambiguous(text, found) }
        let near = try nearest(to: text, tenant: tenant, on: &connection)
        let place = tenant.map { " in tenant \"\($0)\"" } ?? ""
        throw OperatorError(
            .negative, "Device \"\(text)\" is unknown\(place)\(near?.hint ?? "; `hindcast device list` shows those that are known.")")
    }

    /// The id that is most like one that is unknown.
    static func nearest(to text: String, tenant: String?, on connection: inout Connection) throws(PostgresError) -> NearDevice? {
        let near = try connection.query(SelectNearDevices(text: text, tenant: tenant ?? ""))
        return NearDevice.of(text, among: near)
    }

    /// Every way to read a name as a tenant and a device id: either may hold a slash.
    static func splits(of text: String) -> [(tenant: String, device: String)] {
        text.indices.filter { text[$0] == "/" }.prefix(16).map { (String(text[..<$0]), String(text[text.index(after: $0)...])) }
    }

    static func ambiguous(_ text: String, _ found: [DeviceRow]) -> OperatorError {
        let names = found.prefix(10).map(\.name).joined(separator: ", ")
        let more = found.count > 10 ? " and \(found.count - 10) more" : ""
        return OperatorError(.usage, "Device \"\(text)\" is one of several: \(names)\(more); name one of them, or choose with --tenant.")
    }
}

/// An id that is like one that is unknown.
struct NearDevice: Equatable, Sendable {
    let device: String
    let isByCase: Bool

    /// The one that differs by case only, else the one with the least distance that has something in common.
    static func of(_ text: String, among candidates: [(device: String, isByCase: Bool)]) -> NearDevice? {
        if let exact = candidates.first(where: \.isByCase) { return NearDevice(device: exact.device, isByCase: true) }
        return NearestName.of(text, among: candidates.map(\.device)).map { NearDevice(device: $0, isByCase: false) }
    }

    /// The end of a sentence that says that an id is unknown.
    var hint: String { isByCase ? "; \"\(device)\" differs only by case." : "; did you mean \"\(device)\"?" }
}
