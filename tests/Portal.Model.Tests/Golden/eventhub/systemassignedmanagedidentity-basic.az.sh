az iot ops dataflow endpoint create eventhub \
  --name my-eventhub \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --eventhub-namespace my-namespace \
  --auth-type SystemAssignedManagedIdentity

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-eventhub.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-eventhub.bicep
