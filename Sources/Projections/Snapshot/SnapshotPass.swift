import EventLog
import Postgres

/// Keeps one generation's devices up to date, in transactions of a bounded number of devices.
struct SnapshotPass {
    /// The most devices of one transaction, which takes about a quarter of a second; more at once are hardly cheaper.
    static let chunk = 1_000
    /// The most transactions of one kind in a step, so that no kind of work waits long for another.
    static let chunksPerStep = 40
    /// The most offsets of a source that are followed at once. Many, because a device is derived once for all its events among them: a fleet of
    /// 25,000 that sent 250,000 events would be derived four times over in ranges of 50,000.
    static let offsetsPerRange: Int64 = 400_000

    let generation: Int32
    let lease: SnapshotLease

    /// Some of everything that there is to do; whether more is left, nil where the lease is somebody else's.
    func step(on connection: inout Connection) throws(PostgresError) -> Bool? {
        guard try begin(on: &connection), let isPassing = try passOverAll(on: &connection), let isBehind = try followLog(on: &connection),
            let isDue = try repeatedly(on: &connection, SelectDueDevices(generation: generation, limit: Int64(Self.chunk)))
        else { return nil }
        return isPassing || isBehind || isDue
    }

    /// Looks again at silent devices whose source fell silent or came back, or whose export was switched off or on; as ``step(on:)``, and something is left where anything was done.
    func reconsider(on connection: inout Connection) throws(PostgresError) -> Bool? {
        let misjudged = SelectMisjudgedDevices(generation: generation, limit: Int64(Self.chunk))
        guard let moved = try derive(on: &connection, misjudged) else { return nil }
        if moved == 0 { return false }
        return try repeatedly(on: &connection, misjudged) == nil ? nil : true
    }

    /// Counts the fleet; false where the lease is somebody else's.
    func count(on connection: inout Connection) throws(PostgresError) -> Bool {
        try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
            try connection.execute(CountFleet(generation: generation))
        } != nil
    }

    /// Deletes some rows of generations that nobody keeps any more; whether more are left, nil where the lease is somebody else's.
    static func forget(allBut generations: [Int32], _ lease: SnapshotLease, on connection: inout Connection) throws(PostgresError) -> Bool? {
        try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Bool in
            guard let old = try connection.queryOne(SelectForgotten(generations: generations)) else { return false }
            let limit = Int64(chunk * chunksPerStep)
            let deleted = try connection.queryOne(ForgetDevices(generation: old, limit: limit)) ?? 0
            if deleted < limit { try connection.execute(ForgetGeneration(generation: old)) }
            return true
        }
    }

    // MARK: -

    /// Begins a pass over all devices where none was made by this derivation. It begins where the projections stand: what they fold in later is followed.
    private func begin(on connection: inout Connection) throws(PostgresError) -> Bool {
        try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Void in
            if try connection.execute(BeginPass(generation: generation, derivation: FleetSnapshot.derivation)) == 1 {
                try connection.execute(ResetPositions(generation: generation))
            }
        } != nil
    }

    private func passOverAll(on connection: inout Connection) throws(PostgresError) -> Bool? {
        for _ in 0..<Self.chunksPerStep {
            let isDone = try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Bool in
                guard let last = try connection.queryOne(SelectPass(generation: generation)) else { return true }
                let devices = try connection.query(SelectNextDevices(generation: generation, after: last, limit: Int64(Self.chunk)))
                try connection.execute(DeriveDevices(generation: generation, devices: devices))
                try connection.execute(AdvancePass(generation: generation, last: devices.last))
                return devices.isEmpty
            }
            guard let isDone else { return nil }
            if isDone { return false }
        }
        return true
    }

    /// Looks at the devices that new events touched. The position moves last: who is killed before looks at some again.
    ///
    /// A range is followed to its end; the step ends with the range in which it has done enough, so that the counts follow.
    private func followLog(on connection: inout Connection) throws(PostgresError) -> Bool? {
        var isBehind = false
        var chunks = 0
        for range in try connection.query(SelectRanges(generation: generation)) {
            if chunks >= Self.chunksPerStep { return true }
            let end = min(range.end, range.from + Self.offsetsPerRange)
            if end < range.end { isBehind = true }
            let devices = try LogReader().devices(source: range.source, from: range.from, before: end, on: &connection).sorted()
            for start in stride(from: 0, to: devices.count, by: Self.chunk) {
                let some = Array(devices[start..<min(start + Self.chunk, devices.count)])
                let stored: Int? = try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
                    try connection.execute(DeriveDevices(generation: generation, devices: some))
                }
                if stored == nil { return nil }
                chunks += 1
            }
            let moved: Int? = try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
                try connection.execute(MovePosition(generation: generation, source: range.source, nextOffset: end))
            }
            if moved == nil { return nil }
        }
        return isBehind
    }

    private func repeatedly(on connection: inout Connection, _ selection: some DeviceSelection) throws(PostgresError) -> Bool? {
        for _ in 0..<Self.chunksPerStep {
            guard let count = try derive(on: &connection, selection) else { return nil }
            if count < Self.chunk { return false }
        }
        return true
    }

    private func derive(on connection: inout Connection, _ selection: some DeviceSelection) throws(PostgresError) -> Int? {
        try lease.withTransaction(on: &connection) { (connection: inout Connection) throws(PostgresError) -> Int in
            let devices = try connection.query(selection)
            if !devices.isEmpty { try connection.execute(DeriveDevices(generation: generation, devices: devices)) }
            return devices.count
        }
    }
}
