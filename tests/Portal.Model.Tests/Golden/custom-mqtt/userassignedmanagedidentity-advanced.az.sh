az iot ops dataflow endpoint create custom-mqtt \
  --name my-custom-mqtt \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname broker.example \
  --port 8883 \
  --auth-type UserAssignedManagedIdentity \
  --client-id 6e2d4c1a-0f3b-4d5e-8a7c-9b1f2e3d4c5a \
  --tenant-id 72f988bf-86f1-41af-91ab-2d7cd011db47 \
  --scope https://audience.example/.default \
  --config-map-ref client-ca-configmap \
  --client-id-prefix line3 \
  --qos 0 \
  --retain Never \
  --session-expiry 1800 \
  --protocol WebSockets \
  --max-inflight-msg 50 \
  --keep-alive 30 \
  --cloud-event-attribute CreateOrRemap

# Before that, the config map with the certificates of the trusted CA:
# kubectl create configmap client-ca-configmap --from-file=ca.crt -n azure-iot-operations

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-mqtt.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-mqtt.bicep
