param aioInstanceName string = '<AIO_INSTANCE_NAME>'
param customLocationName string = '<CUSTOM_LOCATION_NAME>'
param endpointName string = 'my-eventgrid'

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
    endpointType: 'Mqtt'
    mqttSettings: {
      host: 'my-namespace.westeurope-1.ts.eventgrid.azure.net:8883'
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
      clientIdPrefix: 'line3'
      qos: 0
      retain: 'Never'
      sessionExpirySeconds: 1800
      protocol: 'Mqtt'
      maxInflightMessages: 50
      keepAliveSeconds: 30
      cloudEventAttributes: 'CreateOrRemap'
    }
  }
}
