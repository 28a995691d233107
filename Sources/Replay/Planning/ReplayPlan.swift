package import DTDL

/// What a planned run will do, for the operator to look at.
package struct ReplayPlan: Sendable {
    /// One source's part.
    package struct Source: Equatable, Sendable {
        package let source: Int32
        package let topic: String
        package let partition: Int32
        /// How far the live generation had come: what lies below is replayed.
        package let cut: Int64
        /// From where on the version tried is in force.
        package let inForce: Int64
        /// Events in the chunks.
        package let events: Int64
        /// Events that retention has taken.
        package let lost: Int64
        package let chunks: Int
    }

    package let run: ReplayRun
    package let sources: [Source]
    /// How the version tried differs from the one in force, statically; empty where none was in force.
    package let changes: [TemplateChange]
    /// Why everything is read though it was not asked for; nil where it is not.
    package let reasonForAll: String?

    /// Events that will be read from the log, as far as its chunks tell.
    package var events: Int64 { sources.reduce(0) { $0 + $1.events } }
}
