az iot ops dataflow endpoint create custom-mqtt \
  --name my-custom-mqtt \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname broker.example \
  --port 8883 \
  --auth-type ServiceAccountToken \
  --sat-audience aio-internal

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-mqtt.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-mqtt.bicep
