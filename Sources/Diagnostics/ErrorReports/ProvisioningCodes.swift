/// Azure's Device Provisioning Service, and what IoT Central says through it (IoT Central, "Troubleshooting"; DPS, "Error codes").
enum ProvisioningCodes {
    private static let invalidCredentials = "Give the device the credentials of its enrollment: key, certificate or TPM, and the right scope id."

    static let all: [ErrorCode] = [
        ErrorCode(
            .dps, 400, "", "BadRequest", "The service could not read or accept the body of the device's registration request.",
            "Send the body that the attestation asks for, best by one of the device SDKs."),
        ErrorCode(
            .dps, 401, "", "Unauthorized", "The service does not accept the token of the request: it has run out, or it is for another address.",
            invalidCredentials, cause: "credentials-expired"),
        ErrorCode(
            .dps, 401, "401002", "InvalidCredentials", "The device signs in with credentials that are wrong or have run out.", invalidCredentials,
            cause: "credentials-expired"),
        ErrorCode(
            .dps, 401, "400209", "DeviceNotApprovedOrBlocked", "An operator has not approved the device yet, or has blocked it.",
            "Approve or unblock the device.", cause: "blocked"),
        ErrorCode(
            .dps, 404, "", "NotFound", "There is no such provisioning service, or no enrollment for this device.",
            "Check the scope id and the enrollment; where both are right, ask Azure's support.", cause: "not-provisioned"),
        ErrorCode(
            .dps, 405, "", "MethodNotAllowed", "The request uses a method that this address does not have.", "Mend the client, or use a device SDK."),
        ErrorCode(
            .dps, 409, "", "Conflict", "The request contradicts what the service holds, such as another registration that is going on.",
            "Let the first request end, then try again."),
        ErrorCode(
            .dps, 412, "", "PreconditionFailed", "The request names an ETag that is not the one of the enrollment any more.",
            "Read the enrollment again before it is changed; where nothing changes it, ask Azure's support."),
        ErrorCode(
            .dps, 415, "", "UnsupportedMediaType", "The body is in a format that the service does not read.",
            "Send JSON and say so in the content type."),
        ErrorCode(
            .dps, 429, "", "TooManyRequests", "The service slows down operations because there are too many of them.",
            "Wait as long as the answer says, then try again with growing and random pauses; spread a fleet's start over time.", cause: "throttled"),
        ErrorCode(
            .dps, 500, "", "InternalError", "Something went wrong within the service.", "Try again later; where it stays, ask Azure's support.",
            cause: "platform-error"),
    ]
}
