extension Trouble {
    /// What belongs to it.
    package var profile: TroubleProfile {
        switch self {
        case .healthy: TroubleProfile("sends what its template says", cause: nil, share: 52, health: "healthy")
        case .tokenRenewal:
            TroubleProfile("renews its token every hour, which looks like losing the connection", cause: nil, share: 3, in: [.hub], health: "healthy")
        case .wrongCase, .wrongType, .unknownValue, .outOfRange, .noOffset, .malformed, .cutOff, .brokenEnvelope, .unmodeled, .wrongComponent,
            .missingComponent, .wrappedComponent, .oldEdgeRuntime, .propertyAsTelemetry, .unassigned, .unknownTemplate, .wrongClock:
            messageProfile
        case .readOnlyProperty, .malformedAcknowledgement, .earlyAcknowledgement, .rewound, .flapping: behaviourProfile
        case .blocked, .unapproved, .deleted, .unprovisioned, .disconnected, .silent, .exportOff: registrationProfile
        case .movedHub, .expiredEnrollment, .expiredToken, .twoClients, .throttled, .overQuota, .failedUpload, .tooLarge, .platformError:
            reportProfile
        }
    }

    /// Troubles that single messages show.
    private var messageProfile: TroubleProfile {
        switch self {
        case .wrongType: TroubleProfile("sends its temperature as a string", cause: "wrong-type", share: 3, faulty: .wrongType)
        case .unknownValue:
            TroubleProfile("sends a mode that the template does not list", cause: "wrong-type", share: 2, faulty: .unknownValue)
        case .outOfRange: TroubleProfile("counts further than an integer goes", cause: "wrong-type", faulty: .outOfRange)
        case .noOffset: TroubleProfile("sends local times without an offset", cause: "wrong-type", share: 2, faulty: .noOffset)
        case .malformed: TroubleProfile("sends broken JSON", cause: "malformed-json", share: 3, in: [.hub], faulty: .malformed)
        case .cutOff:
            TroubleProfile(
                "is exported in messages that break off; only the record key names it", cause: "malformed-json", in: [.central], faulty: .cutOff)
        case .brokenEnvelope:
            TroubleProfile(
                "is exported by a transform that loses \"messageSource\"", cause: "envelope-broken", in: [.central], faulty: .brokenEnvelope)
        case .unmodeled:
            TroubleProfile("sends \"batteryVoltage\", of which the template knows nothing", cause: "wrong-name", share: 4, faulty: .unmodeled)
        case .wrongComponent:
            // Not with a transform: there each value stands by itself, and would be found.
            TroubleProfile(
                "names a component \"compresor\" that the template does not have", cause: "wrong-component", share: 3,
                in: [.central, .hub, .cloudEvents], faulty: .wrongComponent)
        case .missingComponent:
            TroubleProfile("sends its compressor's speed as its own", cause: "wrong-component", in: [.hub], faulty: .missingComponent)
        case .wrappedComponent:
            TroubleProfile("wraps telemetry in its component", cause: "wrong-component", in: [.hub], faulty: .wrappedComponent)
        case .oldEdgeRuntime:
            TroubleProfile("runs an IoT Edge runtime that drops the component", cause: "old-edge-runtime", in: [.hub], faulty: .edgeModule)
        case .propertyAsTelemetry:
            TroubleProfile("sends its firmware's version as telemetry", cause: "wrong-kind", in: [.hub], faulty: .propertyAsTelemetry)
        case .unassigned:
            TroubleProfile("has no template", cause: "not-assigned", share: 3, in: [.central], health: "unassigned", faulty: .unassigned)
        case .unknownTemplate:
            TroubleProfile("announces a model that nobody published", cause: "template-unknown", in: [.hub], faulty: .unknownTemplate)
        case .wrongClock: TroubleProfile("has a clock that is three hours fast", cause: "clock-wrong", share: 2, in: [.hub], faulty: .wrongClock)
        default:
            TroubleProfile("writes \"Temperature\" where the template says \"temperature\"", cause: "wrong-case", share: 4, faulty: .wrongCase)
        }
    }

    /// Troubles that several messages show together.
    private var behaviourProfile: TroubleProfile {
        switch self {
        case .readOnlyProperty:
            TroubleProfile("is asked to change a property that is read-only", cause: "wrong-property", in: [.central], extra: .readOnlyProperty)
        case .malformedAcknowledgement:
            TroubleProfile(
                "acknowledges properties with a status that is a string", cause: "acknowledgement-wrong", in: [.hub], extra: .malformedAcknowledgement
            )
        case .earlyAcknowledgement:
            TroubleProfile(
                "acknowledges a version that nobody has desired yet", cause: "acknowledgement-wrong", in: [.hub], health: "degraded",
                extra: .earlyAcknowledgement)
        case .rewound:
            TroubleProfile("is delivered in runs that begin again", cause: "repeated-messages", in: [.hub], health: "degraded")
        default: TroubleProfile("loses its connection every minute", cause: "unstable-connection", in: [.hub], health: "degraded")
        }
    }

    /// Troubles of a device's life and connection.
    private var registrationProfile: TroubleProfile {
        switch self {
        case .blocked:
            TroubleProfile("was blocked by an operator", cause: "blocked", share: 3, in: [.central], health: "blocked", ending: .message(.disabled))
        case .unapproved:
            TroubleProfile(
                "waits for an operator's approval", cause: "not-approved", in: [.transform], health: "blocked", ending: .instead(.unapproved))
        case .deleted: TroubleProfile("was deleted from its hub", cause: "deleted", in: [.hub], health: "unknown", ending: .message(.deleted))
        case .unprovisioned:
            TroubleProfile(
                "was registered and never signed in", cause: "not-provisioned", in: [.central], health: "unknown", ending: .instead(.registered))
        case .disconnected:
            TroubleProfile(
                "lost its connection two hours ago", cause: "not-connected", share: 2, in: [.hub], health: "silent", ending: .message(.disconnected))
        case .exportOff:
            TroubleProfile(
                "lost its export, which somebody switched off", cause: "export-off", in: [.central], health: "silent", ending: .message(.exportOff))
        default: TroubleProfile("fell silent two hours ago", cause: "silent", share: 3, in: [.central], health: "silent", ending: .silence)
        }
    }

    /// Troubles that a service reports.
    private var reportProfile: TroubleProfile {
        switch self {
        case .movedHub:
            Self.reported(
                "iothub", 401, "DEVICE_DISABLED", "the device is disabled in this hub", "was moved to another hub", "moved-hub", isEnd: true)
        case .expiredEnrollment:
            Self.reported(
                "dps", 401, "401002", "the credentials are not valid", "signs in with an expired certificate", "credentials-expired", isEnd: true)
        case .expiredToken:
            Self.reported("iothub", 401, "401003", "the token has expired", "connects with an expired token", "credentials-expired", isEnd: true)
        case .twoClients:
            Self.reported("iothub", 400, "400027", "closed for a newer connection", "shares its identity with another client", "two-clients")
        case .throttled: Self.reported("iothub", 429, "429001", "too many requests", "sends faster than its hub takes", "throttled")
        case .overQuota:
            Self.reported("iothub", 403, "403002", "the quota of the day is used up", "is over its hub's quota", "quota-exceeded", isEnd: true)
        case .failedUpload:
            Self.reported("iothub", 403, "403006", "too many uploads are open", "never says that an upload is done", "file-upload-failed")
        case .tooLarge: Self.reported("iothub", 413, "413001", "the message is too large", "sends messages above 256 KB", "message-too-large")
        default: Self.reported("iothub", 500, "500001", "the server failed", "meets errors of the platform", "platform-error")
        }
    }

    private static func reported(
        _ origin: String, _ status: Int, _ subcode: String, _ message: String, _ story: String, _ cause: String, isEnd: Bool = false
    ) -> TroubleProfile {
        TroubleProfile(
            story, cause: cause, in: [.hub], health: isEnd ? "silent" : "degraded", extra: isEnd ? nil : .errorReport,
            report: ReportedError(origin: origin, status: status, subcode: subcode, message: message), ending: isEnd ? .reports : nil)
    }
}
