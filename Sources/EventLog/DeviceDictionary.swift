package import Diagnostics
import JSON
package import Postgres

/// The numbers of devices: a bounded cache before the table.
///
/// New numbers are made in a short transaction of their own before a batch is appended, so that two writers who meet the same new device never wait
/// for each other's batch. Ids are inserted in sorted order and on conflict read again, so two writers cannot deadlock either.
package struct DeviceDictionary: Sendable {
    /// A device that has no number in the cache yet.
    package struct Name: Hashable, Comparable, Sendable {
        let tenant: String
        let deviceID: String

        package static func < (a: Name, b: Name) -> Bool { (a.tenant, a.deviceID) < (b.tenant, b.deviceID) }
    }

    private struct Key: Hashable {
        let tenant: Int32
        let deviceID: String
    }

    /// How many devices are remembered. Beyond, the cache starts over: a flood of made-up ids must not take all memory.
    private let capacity: Int
    private var tenants: [String] = []
    private var lastTenant: Int32 = 0
    private var keys: [Key: Int32] = [:]

    /// An empty cache.
    package init(capacity: Int = 200_000) { self.capacity = capacity }

    /// The number of an event's device, where it is known here.
    package mutating func key(of event: borrowing DecodedEvent) -> Int32? {
        keys[Key(tenant: tenantIndex(event), deviceID: event.string(event.deviceID))]
    }

    /// The name of an event's device, to be numbered.
    package func name(of event: borrowing DecodedEvent) -> Name {
        Name(tenant: event.string(event.tenant), deviceID: event.string(event.deviceID))
    }

    /// Numbers devices in the table and remembers them.
    package mutating func resolve(_ names: Set<Name>, on connection: inout Connection) throws(PostgresError) -> [Name: Int32] {
        guard !names.isEmpty else { return [:] }
        let sorted = names.sorted()
        try connection.execute(InsertDevices(names: sorted))
        var resolved: [Name: Int32] = [:]
        for (name, key) in try connection.query(SelectDevices(names: sorted)) { resolved[name] = key }
        guard resolved.count == names.count else {
            throw PostgresError(.unexpectedValue, "\(resolved.count) of \(names.count) devices have a number after all were inserted")
        }
        if keys.count + resolved.count > capacity { keys.removeAll(keepingCapacity: false) }
        for (name, key) in resolved.prefix(capacity) { keys[Key(tenant: index(of: name.tenant), deviceID: name.deviceID)] = key }
        return resolved
    }

    /// Tenants are few and come in runs.
    private mutating func tenantIndex(_ event: borrowing DecodedEvent) -> Int32 {
        let bytes = event.bytes(event.tenant)
        if Int(lastTenant) < tenants.count, bytes.equals(tenants[Int(lastTenant)]) { return lastTenant }
        lastTenant = index(of: event.string(event.tenant))
        return lastTenant
    }

    private mutating func index(of tenant: String) -> Int32 {
        if let found = tenants.firstIndex(of: tenant) { return Int32(found) }
        if tenants.count >= 1024 {
            // A flood of made-up tenants: start over rather than search ever longer.
            tenants.removeAll()
            keys.removeAll(keepingCapacity: false)
        }
        tenants.append(tenant)
        return Int32(tenants.count - 1)
    }
}

private struct InsertDevices: Statement {
    let names: [DeviceDictionary.Name]

    static let sql = """
        INSERT INTO hindcast.device (tenant, device_id)
        SELECT w.tenant, w.device_id FROM unnest($1::text[], $2::text[]) AS w (tenant, device_id)
        WHERE NOT EXISTS (SELECT FROM hindcast.device d WHERE d.tenant = w.tenant AND d.device_id = w.device_id)
        ORDER BY w.tenant, w.device_id
        ON CONFLICT DO NOTHING
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(names.map(\.tenant))
        parameters.append(names.map(\.deviceID))
    }
}

private struct SelectDevices: Statement {
    let names: [DeviceDictionary.Name]

    static let sql = """
        SELECT d.tenant, d.device_id, d.device_key
        FROM unnest($1::text[], $2::text[]) AS w (tenant, device_id) JOIN hindcast.device d USING (tenant, device_id)
        """

    func bind(to parameters: inout Parameters) {
        parameters.append(names.map(\.tenant))
        parameters.append(names.map(\.deviceID))
    }

    static func decode(_ row: borrowing RowView) throws(PostgresError) -> (DeviceDictionary.Name, Int32) {
        (DeviceDictionary.Name(tenant: try row.string(0), deviceID: try row.string(1)), try row.int32(2))
    }
}
