using Microsoft.Extensions.Options;
using Portal.Model;
using Portal.Model.Dataflows;
using Portal.Model.Ports;
using Portal.Stores.Tests.Support;
using Portal.Tests.Shared;

namespace Portal.Stores.Tests;

public sealed class SetupTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_default_profile_is_there_from_the_first_start_and_stays_deleted()
    {
        await using (var first = await TestPortal.StartAsync(folder.Path))
        {
            var profile = Assert.IsType<DataflowProfile>(Assert.Single((await first.Resources.ListAsync()).Resources).Value);
            Assert.Equal(("default", 1L), (profile.Name, profile.InstanceCount));
            Assert.IsType<StoreResult.Saved>(await first.Resources.DeleteAsync(ResourceKind.DataflowProfile, "default", Precondition.None));
        }
        await using var second = await TestPortal.StartAsync(folder.Path);
        Assert.Empty((await second.Resources.ListAsync()).Resources);
    }

    [Fact]
    public async Task Profiles_that_are_there_already_are_enough()
    {
        folder.Write("manifests/profile.yaml", "apiVersion: connectivity.iotoperations.azure.com/v1\nkind: DataflowProfile\nmetadata:\n  name: mine\nspec:\n  instanceCount: 2\n");
        await using var portal = await TestPortal.StartAsync(folder.Path);
        Assert.Equal("mine", Assert.Single((await portal.Resources.ListAsync()).Resources).Value.Name);
    }

    [Fact]
    public async Task Git_sees_the_manifests_alone()
    {
        await using (var portal = await TestPortal.StartAsync(folder.Path))
        {
            Assert.IsType<StoreResult.Saved>(await portal.Secrets.SetVaultAsync("password", new SecretValue("value"), null, null));
            await portal.Activity.AppendAsync(new ActivityEntry(DateTimeOffset.UnixEpoch, "operator", ActivityAction.Changed, "Secret", "password", "Set"));
        }
        folder.Write("manifests/.0123.portal-tmp", "half");
        (await ProcessRunner.RunAsync("git", ["init", "--quiet"], workingFolder: folder.Path)).MustSucceed();
        var status = (await ProcessRunner.RunAsync("git", ["status", "--porcelain", "--untracked-files=all"], workingFolder: folder.Path)).MustSucceed();
        Assert.Equal(["?? .gitignore", "?? manifests/dataflowprofiles/default.yaml"], status.Lines.Order());
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_stops_the_start_with_key_and_value()
    {
        var file = folder.Write("data", "a file");
        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => TestPortal.StartAsync(file));
        Assert.Contains("Portal:DataDirectory", exception.Message);
        Assert.Contains(file, exception.Message);
        Assert.Contains("/var/lib/portal", exception.Message);
        await Assert.ThrowsAsync<OptionsValidationException>(() => TestPortal.StartAsync(" "));
    }
}
