az iot ops dataflow endpoint create local-mqtt \
  --name my-local-mqtt \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname aio-broker \
  --port 18883 \
  --auth-type ServiceAccountToken \
  --audience aio-internal \
  --config-map-ref azure-iot-operations-aio-ca-trust-bundle

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-local-mqtt.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-local-mqtt.bicep
