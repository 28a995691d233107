/// A destination as its service describes it (IoT Central REST API 2022-10-31-preview, `Destination`), without its secrets.
package struct ExportDestination: Equatable, Sendable {
    /// What the destination is; a text of the service, with those that are known here named.
    package struct Kind: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// Azure Blob Storage: a file a minute.
        package static let blobStorage = Kind(rawValue: "blobstorage@v1")
        /// Azure Event Hubs.
        package static let eventHubs = Kind(rawValue: "eventhubs@v1")
        /// An Azure Service Bus queue.
        package static let serviceBusQueue = Kind(rawValue: "servicebusqueue@v1")
        /// An Azure Service Bus topic.
        package static let serviceBusTopic = Kind(rawValue: "servicebustopic@v1")
        /// Azure Data Explorer.
        package static let dataExplorer = Kind(rawValue: "dataexplorer@v1")
        /// An HTTP endpoint.
        package static let webhook = Kind(rawValue: "webhook@v1")
        /// A Kafka topic: ours, no service has it.
        package static let kafka = Kind(rawValue: "kafka@v1")
    }

    /// How the export proves who it is.
    package struct Authorization: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// A connection string: simulated devices are exported too.
        package static let connectionString = Authorization(rawValue: "connectionString")
        /// The application's own identity: simulated devices are left out.
        package static let managedIdentity = Authorization(rawValue: "systemAssignedManagedIdentity")
        /// An identity with a secret of its own (Data Explorer).
        package static let servicePrincipal = Authorization(rawValue: "servicePrincipal")
        /// Nothing is known of it.
        package static let unknown = Authorization(rawValue: "")
    }

    /// The destination's id.
    package var destinationID: String
    /// What people call it.
    package var displayName: String
    /// What it is.
    package var kind: Kind
    /// How the export proves who it is.
    package var authorization: Authorization
    /// The Kafka topic or event hub that it is; empty for others.
    package var topic: String
    /// The service's word on how it is: an open text, such as `waiting` or `error`; empty where unknown.
    package var status: String
    /// What the service holds against it.
    package var errors: [ExportFault]
    /// When it last got something, by the service.
    package var lastExportTime: Timestamp?

    /// Whether simulated devices are expected there.
    package var takesSimulatedDevices: Bool { authorization != .managedIdentity }

    /// Takes what there is to say.
    package init(
        destinationID: String, displayName: String = "", kind: Kind, authorization: Authorization = .unknown, topic: String = "",
        status: String = "", errors: [ExportFault] = [], lastExportTime: Timestamp? = nil
    ) {
        self.destinationID = destinationID
        self.displayName = displayName
        self.kind = kind
        self.authorization = authorization
        self.topic = topic
        self.status = status
        self.errors = errors
        self.lastExportTime = lastExportTime
    }
}
