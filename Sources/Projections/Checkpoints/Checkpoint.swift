import Catalog
import Postgres

/// Which read models a checkpoint is for.
package enum ProjectionName: String, Sendable, CaseIterable, Comparable {
    /// What no template touches: device states and traffic. Its generation is 0.
    case device
    /// Values of properties: reported, desired, and kept by the service. Its generation is 0.
    case property
    /// Error reports. Its generation is 0.
    case error
    /// What happened to exports. Its generation is 0.
    case export
    /// What a generation says: findings, verdicts and their hourly counts.
    case finding

    package static func < (a: ProjectionName, b: ProjectionName) -> Bool { a.rawValue < b.rawValue }

    /// Those that no template touches. Their generation is 0, and each has a fold in ``FactFolds``.
    package static let facts = allCases.filter { !$0.followsControls }

    /// Whether what it holds depends on templates and rules, so that it has generations and moves with the control log.
    package var followsControls: Bool { self == .finding }
}

/// What a checkpoint is of.
package struct CheckpointKey: Hashable, Sendable {
    package let projection: ProjectionName
    /// 0 for read models that no template touches.
    package let generation: Int32
    package let source: Int32

    package init(projection: ProjectionName, generation: Int32, source: Int32) {
        self.projection = projection
        self.generation = generation
        self.source = source
    }

    /// Those that a source has to have.
    static func wanted(source: Int32, generations: [Generation]) -> [CheckpointKey] {
        ProjectionName.facts.map { CheckpointKey(projection: $0, generation: 0, source: source) }
            + generations.map { CheckpointKey(projection: .finding, generation: $0.number, source: source) }
    }
}

/// How far a projection has come in a source, and who may write it.
package struct Checkpoint: Equatable, Sendable {
    package let key: CheckpointKey
    /// The first offset that is not folded in.
    package internal(set) var nextOffset: Int64
    /// The last control event that is in force here.
    package internal(set) var controlSeq: Int64
    /// Raised by every take-over: a writer names it, and fails when it is not the newest.
    package let ownerEpoch: Int64
    package let owner: String?
    /// Whether the lease is over, on the database's clock.
    package let isFree: Bool
    /// Whether it has not moved for an hour.
    package let isQuiet: Bool
    /// Why it does not move, while it is paused.
    package let failure: String?
}

extension Checkpoint {
    /// Whether everything is folded in: the log up to an offset and, where decisions matter, the control log up to a number.
    func isCaughtUp(logEnd: Int64, controlSeq: Int64) -> Bool {
        nextOffset >= logEnd && (!key.projection.followsControls || self.controlSeq >= controlSeq)
    }

    /// Whether somebody else's lease lasts.
    func isHeld(byOtherThan name: String) -> Bool { owner != name && !isFree }

    /// The columns that every statement here returns, in this order.
    init(_ row: borrowing RowView) throws(PostgresError) {
        guard let projection = ProjectionName(rawValue: try row.string(0)) else {
            throw PostgresError(
                .unexpectedValue, "a checkpoint is of projection '\(try row.string(0))', which this program does not know", advice: "upgrade it")
        }
        self.init(
            key: CheckpointKey(projection: projection, generation: try row.int32(1), source: try row.int32(2)), nextOffset: try row.int64(3),
            controlSeq: try row.int64(4), ownerEpoch: try row.int64(5), owner: try row.stringOrNil(6), isFree: try row.bool(7),
            isQuiet: try row.bool(8), failure: try row.stringOrNil(9))
    }
}
