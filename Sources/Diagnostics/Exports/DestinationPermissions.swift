/// What destinations ask of an export's identity (IoT Central, "Export data to … destination"; the role's names are Azure's), and the check of one destination
/// against it. The check sees what the service says of a destination, not the roles themselves.
package enum DestinationPermissions {
    /// What the service asks for whenever permissions changed after the destination was made.
    package static let renewal = "then remove the destination from IoT Central and add it again: a role that is given later is not taken up"

    /// Every sort of destination that is known here.
    package static let all: [DestinationPermission] = [
        DestinationPermission(
            kind: .blobStorage, title: "Azure Blob Storage", role: "Storage Blob Data Contributor", scope: "the storage account or the container",
            mistakes: [
                .init(role: "Storage Account Contributor", reason: "it manages the account and reads no data"),
                .init(role: "Contributor", reason: "it manages the account and writes no blobs"),
                .init(role: "Storage Blob Data Reader", reason: "it cannot write"),
            ], credential: "the connection string of the storage account, with a key that is still valid",
            authorizations: [.connectionString, .managedIdentity], delivery: "a file a minute", limits: []),
        DestinationPermission(
            kind: .eventHubs, title: "Azure Event Hubs", role: "Azure Event Hubs Data Sender", scope: "the namespace or the event hub",
            mistakes: [
                .init(role: "Azure Event Hubs Data Receiver", reason: "it cannot send"),
                .init(role: "Contributor", reason: "it manages the namespace and sends no events"),
            ], credential: "the connection string of a policy of the event hub that has the Send claim",
            authorizations: [.connectionString, .managedIdentity], delivery: "near real time", limits: []),
        DestinationPermission(
            kind: .serviceBusQueue, title: "Azure Service Bus queue", role: "Azure Service Bus Data Sender", scope: "the namespace or the queue",
            mistakes: serviceBusMistakes, credential: "the connection string of a policy of the queue that has the Send claim",
            authorizations: [.connectionString, .managedIdentity], delivery: "near real time", limits: serviceBusLimits("queue")),
        DestinationPermission(
            kind: .serviceBusTopic, title: "Azure Service Bus topic", role: "Azure Service Bus Data Sender", scope: "the namespace or the topic",
            mistakes: serviceBusMistakes, credential: "the connection string of a policy of the topic that has the Send claim",
            authorizations: [.connectionString, .managedIdentity], delivery: "near real time", limits: serviceBusLimits("topic")),
        DestinationPermission(
            kind: .dataExplorer, title: "Azure Data Explorer", role: "Admin", scope: "the database",
            mistakes: [
                .init(role: "Ingestor", reason: "the export also looks at the table"), .init(role: "Viewer", reason: "it cannot write"),
                .init(role: "Contributor", reason: "it manages the cluster and has no part in the database"),
            ], credential: "a service principal that is an admin of the database, with a secret that is still valid",
            authorizations: [.servicePrincipal, .managedIdentity], delivery: "near real time, as rows of a table that a transform makes", limits: []),
        DestinationPermission(
            kind: .webhook, title: "Webhook", role: "", scope: "", mistakes: [],
            credential: "an Authorization header or a client of OAuth 2.0 that the endpoint accepts, or none where it asks for none",
            authorizations: [ExportDestination.Authorization(rawValue: "header"), ExportDestination.Authorization(rawValue: "oAuth"), .unknown],
            delivery: "near real time", limits: []),
        DestinationPermission(
            kind: .kafka, title: "Kafka topic", role: "", scope: "", mistakes: [], credential: "a user that may write to the topic",
            authorizations: [.unknown, .connectionString], delivery: "near real time", limits: []),
    ]

    /// What a sort of destination asks for; nil for one that is not known here.
    package static func row(of kind: ExportDestination.Kind) -> DestinationPermission? { all.first { $0.kind == kind } }

    /// Looks at a destination: first what the service holds against it, then what has to be so and cannot be seen.
    package static func check(_ destination: ExportDestination) -> [PermissionFinding] {
        guard let row = row(of: destination.kind) else {
            let known = all.map(\.kind.rawValue).joined(separator: ", ")
            return [
                PermissionFinding(
                    .typeUnknown, .warning, needed: "one of \(known)", seen: destination.kind.rawValue,
                    action: "compare the destination's permissions with its service's own pages")
            ] + destination.errors.map { failure($0, what: "a destination that takes messages") }
        }
        var findings = destination.errors.map { finding($0, destination, row) }
        if !row.authorizations.contains(destination.authorization) && destination.authorization != .unknown {
            let expected = row.authorizations.map(\.rawValue).filter { !$0.isEmpty }.joined(separator: " or ")
            findings.append(
                PermissionFinding(
                    .authorizationUnexpected, .warning, needed: expected.isEmpty ? "no authorization" : expected,
                    seen: destination.authorization.rawValue, action: "make the destination again with one that \(row.title) knows"))
        }
        if !findings.contains(where: { $0.code == .refused }) { findings += needs(destination, row) }
        if destination.authorization == .managedIdentity {
            findings.append(
                PermissionFinding(
                    .simulatedLeftOut, .info, needed: "devices that are not simulated",
                    seen: "a managed identity, under which the service exports no others",
                    action: "use a connection string where simulated devices are wanted"))
        }
        return findings
    }

    // MARK: -

    private static let serviceBusMistakes: [DestinationPermission.Mistake] = [
        .init(role: "Azure Service Bus Data Receiver", reason: "it cannot send"),
        .init(role: "Contributor", reason: "it manages the namespace and sends no messages"),
    ]

    private static func serviceBusLimits(_ noun: String) -> [DestinationPermission.Limit] {
        [
            .init(
                setting: "sessions", codes: ["sessionfulentitynotsupported", "sessionnotsupported"],
                action: "make the \(noun) again without sessions; the setting cannot be changed later"),
            .init(
                setting: "duplicate detection", codes: ["partitioningandduplicatedetectionnotsupported", "duplicatedetectionnotsupported"],
                action: "make the \(noun) again without duplicate detection; the setting cannot be changed later"),
        ]
    }

    private static func finding(_ fault: ExportFault, _ destination: ExportDestination, _ row: DestinationPermission) -> PermissionFinding {
        let text = (fault.code + " " + fault.message).lowercased()
        let code = fault.code.lowercased()
        for limit in row.limits where limit.codes.contains(where: code.contains) || text.contains(limit.setting) || text.contains("requiressession") {
            return PermissionFinding(.settingUnsupported, .error, needed: "no \(limit.setting)", seen: seen(fault), action: limit.action)
        }
        guard FailureCode.cause(fault.code) == .permissionMissing else { return failure(fault, what: "a destination that takes messages") }
        let renewed = row.role.isEmpty ? "" : "; \(renewal)"
        return PermissionFinding(.refused, .error, needed: need(destination, row), seen: seen(fault), action: remedy(destination, row) + renewed)
    }

    private static func failure(_ fault: ExportFault, what needed: String) -> PermissionFinding {
        let action =
            FailureCode.cause(fault.code) == .throttled
            ? "wait until the quota is renewed, or raise it; what was not taken within 15 minutes is a gap"
            : "see to the destination; the service tries it again by itself, and at once where the export is switched off and on"
        return PermissionFinding(.failing, .error, needed: needed, seen: seen(fault), action: action)
    }

    /// What has to be so, where nothing says that it is not.
    private static func needs(_ destination: ExportDestination, _ row: DestinationPermission) -> [PermissionFinding] {
        let state = destination.status.isEmpty ? "nothing is known of it" : "the service says \(destination.status)"
        var findings: [PermissionFinding] = []
        if destination.authorization == .managedIdentity && !row.role.isEmpty {
            findings.append(
                PermissionFinding(.roleNeeded, .info, needed: need(destination, row), seen: state, action: "\(remedy(destination, row)); \(renewal)"))
        } else {
            findings.append(
                PermissionFinding(.credentialNeeded, .info, needed: need(destination, row), seen: state, action: remedy(destination, row)))
        }
        for limit in row.limits {
            findings.append(PermissionFinding(.settingToCheck, .info, needed: "no \(limit.setting)", seen: state, action: limit.action))
        }
        return findings
    }

    private static func need(_ destination: ExportDestination, _ row: DestinationPermission) -> String {
        let isRole = destination.authorization == .managedIdentity && !row.role.isEmpty
        return isRole ? "the application's managed identity has the role \(row.role) on \(row.scope)" : row.credential
    }

    private static func remedy(_ destination: ExportDestination, _ row: DestinationPermission) -> String {
        guard destination.authorization == .managedIdentity, !row.role.isEmpty else { return "give the destination \(row.credential)" }
        let mistakes = row.mistakes.map { "\($0.role) does not do: \($0.reason)" }.joined(separator: "; ")
        return "give the identity \(row.role) on \(row.scope) (\(mistakes))"
    }

    private static func seen(_ fault: ExportFault) -> String {
        let text = [fault.code, fault.message].filter { !$0.isEmpty }.joined(separator: ": ")
        let masked = SecretText.masked(text)
        return masked.isEmpty ? "an error without a code" : BoundedText.bound(masked, limit: BoundedText.pathLimit)
    }
}
