import Catalog
package import Postgres

/// What is said about each device, and the counts over the whole fleet: too dear to make whenever somebody looks, so one process at a time keeps both.
///
/// A device is looked at again when an event touched it, when the time comes that its own row names, when its whole source falls silent or comes back, or
/// when an export of its tenant is switched. All generations that tail are kept, so a promotion switches what views say at once. Every step is a
/// transaction that begins with the lease, and repeats nothing but work: whoever is killed is replaced, and the next one goes on.
package enum FleetSnapshot {
    /// The version of what is derived: `refresh_device_snapshot` and the tables of causes. Raised with every change of what they say, so that everything is
    /// derived anew.
    package static let derivation: Int32 = 2

    /// Brings everything up to date if this process is the one to do it; false where another one is.
    ///
    /// Goes no further than every projection of a source has come. Large passes go in rounds, each with its counts, so that nothing gets old meanwhile.
    ///
    /// - Parameter owner: unique among processes.
    @discardableResult
    package static func refresh(owner: String, lease: Duration, on connection: inout Connection) throws(PostgresError) -> Bool {
        let lease = SnapshotLease(owner: owner, duration: lease)
        while true {
            guard let hasMore = try round(lease, on: &connection) else { return false }
            if !hasMore { return true }
        }
    }

    /// Has every device of a generation looked at again, without hurry: what is said about them stays until then.
    package static func lookAgain(at generation: Int32, on connection: inout Connection) throws(PostgresError) {
        try connection.execute(ForgetDerivation(generation: generation))
    }

    /// Gives the lease back, where it is ours.
    static func release(owner: String, on connection: inout Connection) throws(PostgresError) {
        try SnapshotLease(owner: owner, duration: .zero).release(on: &connection)
    }

    /// One round over all generations, and their counts; whether more is left, nil where the lease is somebody else's.
    private static func round(_ lease: SnapshotLease, on connection: inout Connection) throws(PostgresError) -> Bool? {
        let generations = try Generations.tailing(on: &connection).map(\.number)
        guard var hasMore = try SnapshotPass.forget(allBut: generations, lease, on: &connection) else { return nil }
        let passes = generations.map { SnapshotPass(generation: $0, lease: lease) }
        for pass in passes {
            guard let isLeft = try pass.step(on: &connection) else { return nil }
            if isLeft { hasMore = true }
        }
        for pass in passes {
            // What the counts say of a source may change what its devices are.
            guard try pass.count(on: &connection), let isLeft = try pass.reconsider(on: &connection) else { return nil }
            if isLeft { hasMore = true }
        }
        return hasMore
    }
}
