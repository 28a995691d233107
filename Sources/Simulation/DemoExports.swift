/// What the simulated fleet's service says of its data exports, in the shape of its REST API. Our own words; the key in it opens nothing.
package enum DemoExports {
    /// The export to an event hub, whose identity is refused for a while.
    static let lake = "telemetry-lake"
    /// The export to blob storage, which is switched off for a while.
    static let archive = "telemetry-archive"

    /// Exports and destinations, as `hindcast export import` takes them.
    package static let document = """
        {
          "exports": [
            {
              "id": "telemetry-lake", "displayName": "Telemetry for the data lake", "enabled": true, "source": "telemetry",
              "destinations": [{ "id": "lake" }], "status": "healthy"
            },
            {
              "id": "telemetry-archive", "displayName": "Telemetry for the archive", "enabled": true, "source": "telemetry",
              "destinations": [{ "id": "archive" }], "status": "healthy"
            }
          ],
          "destinations": [
            {
              "id": "lake", "displayName": "Data lake", "type": "eventhubs@v1",
              "authorization": {
                "type": "systemAssignedManagedIdentity", "hostName": "demo-lake.servicebus.windows.net", "eventHubName": "telemetry"
              },
              "status": "healthy"
            },
            {
              "id": "archive", "displayName": "Archive", "type": "blobstorage@v1",
              "authorization": {
                "type": "connectionString", "containerName": "telemetry",
                "connectionString": "DefaultEndpointsProtocol=https;AccountName=demoarchive;AccountKey=bm90LWEtc2VjcmV0;EndpointSuffix=core.windows.net"
              },
              "status": "healthy"
            }
          ]
        }

        """
}
