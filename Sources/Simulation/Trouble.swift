/// What is wrong with a simulated device. Raw values stand in the plan file. What belongs to each is in `TroubleProfile`.
package enum Trouble: String, CaseIterable, Sendable {
    case healthy
    case tokenRenewal = "token-renewal"
    case wrongCase = "wrong-case"
    case wrongType = "wrong-type"
    case unknownValue = "unknown-value"
    case outOfRange = "out-of-range"
    case noOffset = "no-offset"
    case malformed = "malformed-json"
    case cutOff = "cut-off"
    case brokenEnvelope = "broken-envelope"
    case unmodeled
    case wrongComponent = "wrong-component"
    case missingComponent = "missing-component"
    case wrappedComponent = "wrapped-component"
    case oldEdgeRuntime = "old-edge-runtime"
    case propertyAsTelemetry = "property-as-telemetry"
    case readOnlyProperty = "read-only-property"
    case malformedAcknowledgement = "malformed-acknowledgement"
    case earlyAcknowledgement = "early-acknowledgement"
    case unassigned
    case unknownTemplate = "unknown-template"
    case wrongClock = "wrong-clock"
    case rewound
    case flapping
    case blocked
    case unapproved
    case deleted
    case unprovisioned
    case disconnected
    case silent
    case exportOff = "export-off"
    case movedHub = "moved-hub"
    case expiredEnrollment = "expired-enrollment"
    case expiredToken = "expired-token"
    case twoClients = "two-clients"
    case throttled
    case overQuota = "over-quota"
    case failedUpload = "failed-upload"
    case tooLarge = "too-large"
    case platformError = "platform-error"
}
