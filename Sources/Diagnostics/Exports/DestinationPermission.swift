/// What a sort of destination asks of an export's identity, and what it cannot take. Rows of ``DestinationPermissions``.
package struct DestinationPermission: Equatable, Sendable {
    /// A role that looks right and is not.
    package struct Mistake: Equatable, Sendable {
        /// The role.
        package let role: String
        /// Why it does not do.
        package let reason: String
    }

    /// The sort of destination.
    package let kind: ExportDestination.Kind
    /// What people call it.
    package let title: String
    /// The role that a managed identity needs, by Azure's name; empty where there is none to give.
    package let role: String
    /// What the role is given on.
    package let scope: String
    /// Roles that are given by mistake.
    package let mistakes: [Mistake]
    /// What a connection string, a secret or a header has to allow.
    package let credential: String
    /// How the export can prove who it is there.
    package let authorizations: [ExportDestination.Authorization]
    /// When messages are there.
    package let delivery: String
    /// Settings of the destination that an export does not get along with, with the codes that the service gives then.
    package let limits: [Limit]

    /// A setting that an export does not get along with.
    package struct Limit: Equatable, Sendable {
        /// The setting.
        package let setting: String
        /// The service's codes, in lower case.
        package let codes: [String]
        /// What to do.
        package let action: String
    }
}

/// What was found about a destination's permissions.
package struct PermissionFinding: Equatable, Sendable {
    /// What sort of finding it is; the raw values are in JSON output.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }

        /// The service says that the destination refused the export's identity.
        package static let refused = Code(rawValue: "permission-refused")
        /// The identity needs a role, and nothing says whether it has it.
        package static let roleNeeded = Code(rawValue: "role-needed")
        /// A credential has to allow sending, and nothing says whether it does.
        package static let credentialNeeded = Code(rawValue: "credential-needed")
        /// The service says that the destination has a setting that exports do not get along with.
        package static let settingUnsupported = Code(rawValue: "setting-unsupported")
        /// A setting that exports do not get along with must not be on; nothing says whether it is.
        package static let settingToCheck = Code(rawValue: "setting-to-check")
        /// The way of proving who it is is none that such a destination knows.
        package static let authorizationUnexpected = Code(rawValue: "authorization-unexpected")
        /// Simulated devices are left out under this identity.
        package static let simulatedLeftOut = Code(rawValue: "simulated-left-out")
        /// The destination fails for a reason that is not its permissions.
        package static let failing = Code(rawValue: "failing")
        /// The type of the destination is none that is known here.
        package static let typeUnknown = Code(rawValue: "type-unknown")
    }

    /// What sort of finding it is.
    package let code: Code
    /// How bad it is: an error is what the service itself says, a warning what cannot be right, anything else is to know.
    package let severity: Severity
    /// What is needed.
    package let needed: String
    /// What was seen.
    package let seen: String
    /// What to do; empty where nothing is to be done.
    package let action: String

    /// Takes all of it.
    package init(_ code: Code, _ severity: Severity, needed: String, seen: String, action: String = "") {
        self.code = code
        self.severity = severity
        self.needed = needed
        self.seen = seen
        self.action = action
    }
}
