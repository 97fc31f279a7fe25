az iot ops dataflow endpoint create custom-kafka \
  --name my-custom-kafka \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname kafka.example \
  --port 9092 \
  --auth-type SystemAssignedManagedIdentity

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-custom-kafka.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-custom-kafka.bicep
