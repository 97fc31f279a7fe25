az iot ops dataflow endpoint create eventgrid \
  --name my-eventgrid \
  --instance '<AIO_INSTANCE_NAME>' \
  --resource-group '<RESOURCE_GROUP>' \
  --hostname my-namespace.westeurope-1.ts.eventgrid.azure.net \
  --port 8883 \
  --auth-type SystemAssignedManagedIdentity

# The same endpoint from the YAML document, made in the cluster (Azure does not see it):
# kubectl apply -f my-eventgrid.yaml

# The same endpoint from the Bicep document:
# az deployment group create --resource-group '<RESOURCE_GROUP>' --template-file my-eventgrid.bicep
