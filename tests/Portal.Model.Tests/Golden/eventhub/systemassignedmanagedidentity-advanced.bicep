param aioInstanceName string = '<AIO_INSTANCE_NAME>'
param customLocationName string = '<CUSTOM_LOCATION_NAME>'
param endpointName string = 'my-eventhub'

resource aioInstance 'Microsoft.IoTOperations/instances@2024-11-01' existing = {
  name: aioInstanceName
}

resource customLocation 'Microsoft.ExtendedLocation/customLocations@2021-08-31-preview' existing = {
  name: customLocationName
}

resource dataflowEndpoint 'Microsoft.IoTOperations/instances/dataflowEndpoints@2024-11-01' = {
  parent: aioInstance
  name: endpointName
  extendedLocation: {
    name: customLocation.id
    type: 'CustomLocation'
  }
  properties: {
    endpointType: 'Kafka'
    kafkaSettings: {
      host: 'my-namespace.servicebus.windows.net:9093'
      authentication: {
        method: 'SystemAssignedManagedIdentity'
        systemAssignedManagedIdentitySettings: {
          audience: 'https://audience.example'
        }
      }
      tls: {
        mode: 'Enabled'
        trustedCaCertificateConfigMapRef: 'client-ca-configmap'
      }
      consumerGroupId: 'portal-line3'
      compression: 'Gzip'
      batching: {
        mode: 'Enabled'
        latencyMs: 20
        maxBytes: 500000
        maxMessages: 5000
      }
      partitionStrategy: 'Topic'
      kafkaAcks: 'One'
      copyMqttProperties: 'Disabled'
      cloudEventAttributes: 'CreateOrRemap'
    }
  }
}
