package import Diagnostics

/// One export to one destination of the simulated service.
package struct SimulatedRoute: Sendable {
    /// Whose export it is.
    package let tenant: String
    /// The export's id.
    package let exportID: String
    /// The destination's id.
    package let destinationID: String
    /// What the export sends.
    package let source: ExportSource
    /// Only telemetry with a temperature above it; nil for everything.
    package let minimumTemperature: Int?
    /// What the destination is.
    package let kind: ExportDestination.Kind
    /// Whether the export proves itself with a managed identity, so that simulated devices are left out.
    package let isManagedIdentity: Bool
    /// Whether the destination can be read and compared with the log.
    package let isReadable: Bool
    /// Whether the destination is a topic of the log, so that the log lacks what the export leaves out.
    package let isBound: Bool

    init(
        _ tenant: String, _ exportID: String, to destinationID: String, _ source: ExportSource, above minimumTemperature: Int? = nil,
        _ kind: ExportDestination.Kind, isManagedIdentity: Bool = false, isReadable: Bool = true, isBound: Bool = false
    ) {
        self.tenant = tenant
        self.exportID = exportID
        self.destinationID = destinationID
        self.source = source
        self.minimumTemperature = minimumTemperature
        self.kind = kind
        self.isManagedIdentity = isManagedIdentity
        self.isReadable = isReadable
        self.isBound = isBound
    }

    /// The route by the program's words.
    package var route: ExportRoute { ExportRoute(tenant: tenant, exportID: exportID, destinationID: destinationID) }

    /// Whether the service has the message on its list for the destination, were it JSON.
    func concerns(_ message: UpstreamMessage) -> Bool {
        guard message.source == source, !(isManagedIdentity && message.device.isSimulated) else { return false }
        guard let minimumTemperature else { return true }
        guard case .telemetry(_, _, let temperature?) = message.content else { return false }
        return temperature > Double(minimumTemperature)
    }

    /// The export's filter, as the service writes it; nil for none.
    var filter: String? { minimumTemperature.map { "SELECT * FROM devices WHERE temperature > \($0)" } }
}
