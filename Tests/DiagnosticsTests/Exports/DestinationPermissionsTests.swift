import Diagnostics
import Testing

/// What destinations need.
struct DestinationPermissionsTests {
    private static func destination(
        _ kind: ExportDestination.Kind, _ authorization: ExportDestination.Authorization, errors: [ExportFault] = []
    ) -> ExportDestination {
        ExportDestination(destinationID: "d", kind: kind, authorization: authorization, errors: errors)
    }

    @Test(arguments: [
        (ExportDestination.Kind.blobStorage, "Storage Blob Data Contributor"), (.eventHubs, "Azure Event Hubs Data Sender"),
        (.serviceBusQueue, "Azure Service Bus Data Sender"), (.serviceBusTopic, "Azure Service Bus Data Sender"), (.dataExplorer, "Admin"),
    ])
    func `a managed identity needs its role, and the destination is made again where it came too late`(
        kind: ExportDestination.Kind, role: String
    ) throws {
        let finding = try #require(DestinationPermissions.check(Self.destination(kind, .managedIdentity)).first)
        #expect(finding.code == .roleNeeded)
        #expect(finding.severity == .info)
        #expect(finding.needed.contains(role))
        #expect(finding.action.contains(role) && finding.action.contains("remove the destination"))
        let refused = try #require(
            DestinationPermissions.check(Self.destination(kind, .managedIdentity, errors: [.init(code: "401", message: "no")])).first)
        #expect(refused.code == .refused && refused.severity == .error)
        #expect(refused.seen == "401: no")
        #expect(refused.action.contains("remove the destination"))
    }

    @Test func `every row has what is needed, and every kind that is named has a row`() {
        let kinds: [ExportDestination.Kind] = [.blobStorage, .eventHubs, .serviceBusQueue, .serviceBusTopic, .dataExplorer, .webhook, .kafka]
        #expect(DestinationPermissions.all.map(\.kind) == kinds)
        for row in DestinationPermissions.all {
            #expect(!row.title.isEmpty && !row.credential.isEmpty && !row.delivery.isEmpty)
            #expect(row.role.isEmpty == row.scope.isEmpty)
            for mistake in row.mistakes { #expect(mistake.role != row.role) }
        }
    }

    @Test func `simulated devices are left out under a managed identity only`() {
        let codes = { (authorization: ExportDestination.Authorization) in
            DestinationPermissions.check(Self.destination(.eventHubs, authorization)).map(\.code)
        }
        #expect(codes(.managedIdentity) == [.roleNeeded, .simulatedLeftOut])
        #expect(codes(.connectionString) == [.credentialNeeded])
    }

    @Test func `Service Bus takes neither sessions nor duplicate detection`() {
        let healthy = DestinationPermissions.check(Self.destination(.serviceBusQueue, .connectionString))
        #expect(healthy.filter { $0.code == .settingToCheck }.map(\.needed) == ["no sessions", "no duplicate detection"])
        for (code, setting) in [
            ("SessionfulEntityNotSupported", "no sessions"), ("PartitioningAndDuplicateDetectionNotSupported", "no duplicate detection"),
        ] {
            let fault = ExportFault(code: code, message: "")
            let finding = DestinationPermissions.check(Self.destination(.serviceBusTopic, .managedIdentity, errors: [fault])).first
            #expect(finding?.code == .settingUnsupported && finding?.severity == .error)
            #expect(finding?.needed == setting)
        }
    }

    @Test func `a quota or a failure is not a matter of permissions`() {
        for code in ["403002", "429001", "Timeout", ""] {
            let findings = DestinationPermissions.check(Self.destination(.eventHubs, .connectionString, errors: [.init(code: code, message: "m")]))
            #expect(findings.first?.code == .failing)
            #expect(!findings.contains { $0.code == .refused })
        }
    }

    @Test func `an authorization or a type that nobody knows is said to be that`() {
        let odd = DestinationPermissions.check(Self.destination(.eventHubs, .servicePrincipal))
        #expect(odd.first?.code == .authorizationUnexpected && odd.first?.severity == .warning)
        let new = DestinationPermissions.check(Self.destination(.init(rawValue: "fax@v1"), .unknown))
        #expect(new.map(\.code) == [.typeUnknown])
        #expect(new.first?.seen == "fax@v1")
    }

    @Test func `no secret of an error's message is shown`() {
        let fault = ExportFault(code: "Unauthorized", message: "SharedAccessKey=s3cret was refused")
        let findings = DestinationPermissions.check(Self.destination(.eventHubs, .connectionString, errors: [fault]))
        #expect(!findings.contains { $0.seen.contains("s3cret") })
    }
}
