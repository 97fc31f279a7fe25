using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Portal.EndToEnd.Tests;

/// <summary>The endpoint page as an operator uses it: by labels and names of buttons alone.</summary>
internal sealed class EndpointPageObject(IPage page)
{
    public IPage Page => page;

    public ILocator Dialog => page.GetByRole(AriaRole.Dialog);

    /// <summary>Goes from the list by a tile's New button.</summary>
    public async Task CreateAsync(string kind)
    {
        await page.GetByRole(AriaRole.Link, new() { Name = "New " + kind }).Or(page.GetByRole(AriaRole.Button, new() { Name = "New " + kind })).ClickAsync();
        await Expect(Field("Host")).ToBeVisibleAsync();
    }

    public ILocator Field(string label) => page.GetByLabel(label, new() { Exact = true });

    public Task OpenTabAsync(string name) => page.GetByRole(AriaRole.Tab, new() { NameRegex = new($"^{name}") }).ClickAsync();

    public async Task FillAsync(string label, string text)
    {
        await Field(label).FillAsync(text);
        await Expect(Field(label)).ToHaveValueAsync(text);
    }

    public Task ChooseAsync(string label, string choice) => Field(label).SelectOptionAsync(new SelectOptionValue { Label = choice });

    /// <summary>Adds a new secret of the vault behind an entry, with its value from a file's content.</summary>
    public async Task AddReferenceAsync(string entry, string name, string value)
    {
        await Field(entry).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Create new" }).ClickAsync();
        await Dialog.GetByLabel("Secret name").FillAsync(name);
        await Dialog.GetByLabel("Secret value").FillAsync(value);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Add reference" }).ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Field(entry)).ToContainTextAsync(name);
    }

    public async Task UploadCaAsync(string name, string pem)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Upload CA" }).ClickAsync();
        await Dialog.GetByLabel("Config map name").FillAsync(name);
        await Dialog.GetByLabel("CA certificate").FillAsync(pem);
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Save config map" }).ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
        await Expect(Field("Trusted CA certificate config map")).ToHaveValueAsync(name);
    }

    public async Task ApplyAsync()
    {
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Review and apply") }).ClickAsync();
        await Dialog.GetByRole(AriaRole.Button, new() { Name = "Apply", Exact = true }).ClickAsync();
        await Expect(Dialog).ToHaveCountAsync(0);
    }

    /// <summary>Runs a test and waits for its verdict.</summary>
    public async Task TestAsync(string verdict)
    {
        await OpenTabAsync("Test");
        await page.GetByRole(AriaRole.Tabpanel).GetByRole(AriaRole.Button, new() { NameRegex = new("^Test( again)?$") }).First.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Tabpanel).GetByText(verdict).First).ToBeVisibleAsync();
    }
}
