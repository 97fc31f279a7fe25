using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Model;
using Portal.Model.Documents;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests.Contract;

/// <summary>The contract on a folder of manifests.</summary>
public sealed class FolderContractTests : ResourceStoreContract
{
    protected override async Task<TargetUnderTest> StartAsync() => await FolderUnderTest.StartAsync();

    private sealed class FolderUnderTest : TargetUnderTest
    {
        private readonly TemporaryFolder folder = new();
        private readonly List<TestPortal> portals = [];

        public override IResourceStore Store => portals[0].Resources;

        public static async Task<FolderUnderTest> StartAsync()
        {
            var target = new FolderUnderTest();
            await target.OpenSecondAsync();
            return target;
        }

        public override async Task<IResourceStore> OpenSecondAsync()
        {
            portals.Add(await TestPortal.StartAsync(folder.Path));
            return portals[^1].Resources;
        }

        public override Task PutOutsideAsync(JsonObject resource)
        {
            folder.Write(PathOf(Enum.Parse<ResourceKind>((string)resource["kind"]!), (string)resource["metadata"]!["name"]!), Yaml.Write(resource));
            return Task.CompletedTask;
        }

        public override Task DeleteOutsideAsync(ResourceKind kind, string name)
        {
            File.Delete(folder.Combine(PathOf(kind, name)));
            return Task.CompletedTask;
        }

        public override Task<string> StampAsync(ResourceKind kind, string name)
            => Task.FromResult(File.GetLastWriteTimeUtc(folder.Combine(PathOf(kind, name))).Ticks.ToString(CultureInfo.InvariantCulture));

        public override Task<JsonObject?> ReadOutsideAsync(ResourceKind kind, string name)
        {
            var file = folder.Combine(PathOf(kind, name));
            return Task.FromResult(File.Exists(file) ? Yaml.Read(File.ReadAllText(file)).Documents[0].Root : null);
        }

        public override async ValueTask DisposeAsync()
        {
            foreach (var portal in portals)
                await portal.DisposeAsync();
            folder.Dispose();
        }

        private static string PathOf(ResourceKind kind, string name) => $"manifests/{kind.ToString().ToLowerInvariant()}s/{name}.yaml";
    }
}
