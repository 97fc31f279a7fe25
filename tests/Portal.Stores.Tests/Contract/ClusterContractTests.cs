using Portal.Model.Ports;
using Portal.Stores.Tests.Kubernetes;

namespace Portal.Stores.Tests.Contract;

/// <summary>The contract on a cluster.</summary>
public sealed class ClusterContractTests : ResourceStoreContract
{
    protected override async Task<TargetUnderTest> StartAsync()
    {
        var cluster = await TestCluster.StartAsync();
        await cluster.BecomesAsync(TargetCondition.Ready);
        return cluster;
    }
}
