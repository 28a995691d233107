/// Which export of which tenant sends to which destination: what a timeline, a status and a gap are about.
package struct ExportRoute: Hashable, Comparable, Sendable {
    /// The namespace that the export belongs to.
    package let tenant: String
    /// The export's id, bounded as all that is indexed.
    package let exportID: String
    /// The destination's id, bounded.
    package let destinationID: String

    /// Takes all three.
    package init(tenant: String, exportID: String, destinationID: String) {
        self.tenant = tenant
        self.exportID = exportID
        self.destinationID = destinationID
    }

    /// By tenant, then export, then destination, code unit by code unit.
    package static func < (a: ExportRoute, b: ExportRoute) -> Bool {
        (a.tenant, a.exportID, a.destinationID) < (b.tenant, b.exportID, b.destinationID)
    }
}
