/// IoT Hub: files that devices upload (IoT Hub, "Upload files with IoT Hub"; IoT Central, "Troubleshooting").
enum FileUploadCodes {
    private static let storage = "Configure the storage account and the container for uploads, and check that both exist."
    private static let correlation = "Ask for a new upload, and end it with the correlation id that the hub gave for it."

    static let all: [ErrorCode] = [
        upload(400, "400014", "DefaultStorageEndpointNotConfigured", "No storage is configured for uploads.", storage),
        upload(400, "400015", "InvalidFileUploadCorrelationId", "The device ends an upload that the hub does not know.", correlation),
        upload(400, "400016", "ExpiredFileUploadCorrelationId", "The device ends an upload whose time is over.", correlation),
        upload(400, "400017", "InvalidStorageEndpoint", "The storage that is configured for uploads cannot be used.", storage),
        upload(400, "400018", "InvalidMessagingEndpoint", "The endpoint for notices of uploads cannot be used.", storage),
        upload(
            400, "400019", "InvalidFileUploadCompletionStatus", "The device ended an upload without saying properly whether it succeeded.",
            "Send correlationId, isSuccess, statusCode and statusDescription when an upload ends."),
        upload(400, "400020", "InvalidStorageEndpointOrBlob", "The container or the file's name in it cannot be used.", storage),
        upload(
            400, "400021", "RequestCanceled", "The request for an upload was cancelled before it was done.", "Ask for the upload again."),
        upload(400, "400022", "InvalidStorageEndpointProperty", "A setting of the storage for uploads is wrong.", storage),
        upload(
            403, "403006", "DeviceMaximumActiveFileUploadLimitExceeded", "The device has ten uploads going already, which is the most.",
            "Have the device tell the hub promptly when an upload has ended; else make the time that an upload may take shorter."),
    ]

    private static func upload(_ status: Int32, _ subcode: String, _ name: String, _ meaning: String, _ action: String) -> ErrorCode {
        ErrorCode(.hub, status, subcode, name, meaning, action, cause: "file-upload-failed")
    }
}
