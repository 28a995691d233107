/// Finds the gaps of a route in the evidence about it. Pure, and the order of the evidence means nothing.
package enum GapFinder {
    /// The gaps, by start.
    package static func gaps(in history: ExportHistory, settings: GapSettings) -> [FoundGap] { [] }
}
