/// The version that a run tries.
struct TriedVersion: Equatable, Sendable {
    /// The version's number.
    let key: Int32
    /// The template that it is a version of.
    let templateID: String
    /// The template whose devices are judged by it: the same one, but where devices move to another.
    let from: String

    /// The templates whose findings may differ, before or after.
    var templateIDs: Set<String> { [templateID, from] }
}
