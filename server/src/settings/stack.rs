//! The command line of stacks.

use std::{path::PathBuf, str::FromStr};

use clap::{Args, Subcommand, ValueEnum};
use longshore_api::web::stack::OnFailure;

use crate::{client::Address, hosts::LOCAL};

/// What scripts rely on.
const CODES: &str = "\
How it ends:
    0  done, or there was nothing to do
    1  it failed or was refused, or files have errors; what was said to standard error says why
    2  the command line is wrong
    3  plan --exit-code: something would be done
    4  the host, or the plan, is another than the one that was shown: nothing was done
  130  Ctrl-C: a job that was begun goes on
exec and run end as their command does.";

/// `longshore stack`
#[derive(Args)]
#[command(after_help = CODES)]
pub struct StackArgs {
    /// The host, by its name in addresses.
    #[arg(long, env = "LONGSHORE_HOST", default_value = LOCAL, global = true)]
    pub host: String,
    /// The address of the Longshore; the one signed in to last, if it is not given.
    #[arg(long, value_name = "URL", global = true)]
    pub server: Option<Address>,
    /// Prints what came of it as JSON, in the words of the REST interface; everything else goes to standard error.
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: StackCommand,
}

/// What is done with stacks.
#[derive(Subcommand)]
pub enum StackCommand {
    /// Says what deploying would do, and changes nothing.
    #[command(after_help = CODES)]
    Plan(PlanArgs),
    /// Makes true what the files say: shows the plan, asks, does it, and waits for its end.
    #[command(after_help = CODES)]
    Deploy(DeployArgs),
    /// Lists the stacks of the host.
    Ls,
    /// Lists the containers of a stack.
    Ps(StackName),
    /// Lists the releases of a stack, newest first.
    Releases(StackName),
    /// Deploys an earlier release again, with the files, variables and secrets that it had.
    Return(ReturnArgs),
    /// Takes a stack down: removes its containers and networks. Its files and releases are kept.
    Rm(RmArgs),
    /// Forgets the files, variables and releases of a stack. What runs of it goes on.
    Forget(ForgetArgs),
    /// Starts the containers of a stack.
    Start(VerbArgs),
    /// Stops the containers of a stack.
    Stop(VerbArgs),
    /// Restarts the containers of a stack.
    Restart(VerbArgs),
    /// Sets how many containers services have, until the stack is deployed again as its files say.
    Scale(ScaleArgs),
    /// Pulls the images of a stack, and leaves its containers as they are.
    Pull(VerbArgs),
    /// Builds the images of a stack of the files that the server keeps, and leaves its containers as they are.
    Build(VerbArgs),
    /// Prints the files as one, filled in and written out; secret values are not in it. Nothing is changed.
    #[command(after_help = CODES)]
    Config(FilesArgs),
    /// Prints what the containers of a stack have written, in the order of time.
    Logs(LogsArgs),
    /// Runs a command in a container of a service that runs, and ends as it does.
    Exec(ExecArgs),
    /// Runs a command in a container of its own, made as the newest applied release has the service, and ends as it does.
    /// The stack has to be there; what the service depends on is not started.
    Run(RunArgs),
}

/// One stack.
#[derive(Args)]
pub struct StackName {
    /// The stack.
    pub name: String,
}

/// Which files, with which variables.
#[derive(Args)]
pub struct FilesArgs {
    /// What the stack is called; if it is not given, what the file says, else the name of the folder.
    #[arg(short = 'p', long, value_name = "NAME")]
    pub name: Option<String>,
    /// A compose file; several are laid over one another. If none is given, compose.yaml and its like are looked for.
    #[arg(short, long, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// The stack's folder; if it is not given, that of the first file, else the current one. Nothing outside of it is read.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// An active profile.
    #[arg(long, value_name = "PROFILE")]
    pub profile: Vec<String>,
    /// A file of variables, each NAME=value; they go before those of .env.
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,
    /// A variable; without a value it is read from your environment. It goes before those of files.
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub var: Vec<Var>,
    /// A secret variable, whose value is read from your environment, sealed, and shown to nobody.
    #[arg(long, value_name = "NAME")]
    pub secret: Vec<String>,
    /// A secret variable that keeps the value which the newest release has.
    #[arg(long, value_name = "NAME")]
    pub keep_secret: Vec<String>,
    /// A file or folder beneath the stack's folder that stays here, although a service mounts it or is built of it.
    #[arg(long, value_name = "PATH")]
    pub leave: Vec<String>,
    /// Takes the files and variables of the newest release, and none from here.
    #[arg(long, requires = "name", conflicts_with_all = ["file", "folder", "profile", "env_file", "var", "secret", "keep_secret", "leave"])]
    pub kept: bool,
}

/// How a stack is brought up.
#[derive(Args)]
pub struct UpArgs {
    /// Only these services, with those that they depend on.
    pub services: Vec<String>,
    /// Asks registries for newer images.
    #[arg(long)]
    pub pull: bool,
    /// Builds images anew that are there already.
    #[arg(long)]
    pub build: bool,
    /// Makes anew also what does not differ.
    #[arg(long)]
    pub recreate: bool,
    /// Leaves containers alone that no service of the files has.
    #[arg(long)]
    pub keep_orphans: bool,
    /// How many containers a service has, instead of what the file says.
    #[arg(long, value_name = "SERVICE=N")]
    pub scale: Vec<Scale>,
}

/// `longshore stack plan`
#[derive(Args)]
pub struct PlanArgs {
    /// Which files.
    #[command(flatten)]
    pub files: FilesArgs,
    /// How.
    #[command(flatten)]
    pub up: UpArgs,
    /// Ends with 3 where something would be done.
    #[arg(long)]
    pub exit_code: bool,
}

/// `longshore stack deploy`
#[derive(Args)]
pub struct DeployArgs {
    /// Which files.
    #[command(flatten)]
    pub files: FilesArgs,
    /// How.
    #[command(flatten)]
    pub up: UpArgs,
    /// What the release says of itself; with it there is one even where nothing differs.
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// Only if the plan is still the one with this digest, as plan --json has it.
    #[arg(long, value_name = "DIGEST")]
    pub plan: Option<String>,
    /// How it is done.
    #[command(flatten)]
    pub how: HowArgs,
}

/// How a plan is carried out.
#[derive(Args)]
pub struct HowArgs {
    /// What is done where a step fails.
    #[arg(long, value_name = "WHAT", default_value = "undo")]
    pub on_failure: Failing,
    /// Does it without asking.
    #[arg(short, long)]
    pub yes: bool,
}

/// `longshore stack return`
#[derive(Args)]
pub struct ReturnArgs {
    /// The stack.
    pub name: String,
    /// The number of the release.
    pub number: u64,
    /// What the new release says of itself.
    #[arg(short, long, value_name = "TEXT")]
    pub message: Option<String>,
    /// How it is done.
    #[command(flatten)]
    pub how: HowArgs,
}

/// `longshore stack rm`
#[derive(Args)]
pub struct RmArgs {
    /// The stack.
    pub name: String,
    /// Removes its volumes too, with all that is in them.
    #[arg(long)]
    pub volumes: bool,
    /// Leaves containers alone that no service of its files has.
    #[arg(long)]
    pub keep_orphans: bool,
    /// Forgets its files, variables and releases afterwards.
    #[arg(long)]
    pub forget: bool,
    /// How it is done.
    #[command(flatten)]
    pub how: HowArgs,
}

/// `longshore stack forget`
#[derive(Args)]
pub struct ForgetArgs {
    /// The stack.
    pub name: String,
    /// Does it without asking.
    #[arg(short, long)]
    pub yes: bool,
}

/// `longshore stack scale`
#[derive(Args)]
pub struct ScaleArgs {
    /// The stack.
    pub name: String,
    /// How many containers which service has.
    #[arg(required = true, value_name = "SERVICE=N")]
    pub scale: Vec<Scale>,
    /// How it is done.
    #[command(flatten)]
    pub how: HowArgs,
}

/// `longshore stack start`, `stop`, `restart`, `pull` and `build`
#[derive(Args)]
pub struct VerbArgs {
    /// The stack.
    pub name: String,
    /// Only these services.
    pub services: Vec<String>,
    /// How it is done.
    #[command(flatten)]
    pub how: HowArgs,
}

/// `longshore stack logs`
#[derive(Args)]
pub struct LogsArgs {
    /// The stack.
    pub name: String,
    /// Only these services.
    pub services: Vec<String>,
    /// Goes on with what comes, until Ctrl-C.
    #[arg(short, long)]
    pub follow: bool,
    /// So many of the last lines of each container.
    #[arg(long, value_name = "N", default_value_t = 100)]
    pub tail: u32,
}

/// A command and how it is run.
#[derive(Args)]
pub struct CommandArgs {
    /// As whom: a name or number, and a group after a colon.
    #[arg(short, long, value_name = "USER", default_value = "", hide_default_value = true)]
    pub user: String,
    /// A variable of its environment; without a value it is read from yours.
    #[arg(short, long, value_name = "NAME[=VALUE]")]
    pub env: Vec<Var>,
    /// Gives it no terminal, even where somebody sits at one.
    #[arg(short = 'T', long)]
    pub no_tty: bool,
    /// The command with its arguments, after --.
    #[arg(last = true)]
    pub command: Vec<String>,
}

/// `longshore stack exec`
#[derive(Args)]
pub struct ExecArgs {
    /// The stack.
    pub name: String,
    /// The service.
    pub service: String,
    /// In the container with this number; if it is not given, in the first that runs.
    #[arg(long, value_name = "N")]
    pub index: Option<u64>,
    /// Where it runs, in the container.
    #[arg(short, long, value_name = "FOLDER", default_value = "", hide_default_value = true)]
    pub workdir: String,
    /// The command.
    #[command(flatten)]
    pub how: CommandArgs,
}

/// `longshore stack run`
#[derive(Args)]
pub struct RunArgs {
    /// The stack.
    pub name: String,
    /// The service.
    pub service: String,
    /// Removes the container when the command has ended.
    #[arg(long)]
    pub rm: bool,
    /// Publishes the ports of the service.
    #[arg(long)]
    pub service_ports: bool,
    /// The command; the service's own, if there is none.
    #[command(flatten)]
    pub how: CommandArgs,
}

/// A variable from the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Var {
    /// Its name.
    pub name: String,
    /// Its value; that of the environment, if there is none.
    pub value: Option<String>,
}

impl FromStr for Var {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        if name.is_empty() {
            return Err("a variable has a name: NAME=value".to_owned());
        }
        Ok(Self { name: name.to_owned(), value })
    }
}

/// How many containers a service has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The service.
    pub service: String,
    /// How many.
    pub count: u32,
}

impl FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = text.rsplit_once('=').and_then(|(service, count)| Some((service, count.parse().ok()?)));
        match read {
            Some((service, count)) if !service.is_empty() => Ok(Self { service: service.to_owned(), count }),
            _ => Err("how many containers a service has is written as web=3".to_owned()),
        }
    }
}

/// What is done where a step fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Failing {
    /// What was done is taken back.
    Undo,
    /// What was done stays, nothing more is begun.
    Stop,
}

impl From<Failing> for OnFailure {
    fn from(failing: Failing) -> Self {
        match failing {
            Failing::Undo => Self::Undo,
            Failing::Stop => Self::Stop,
        }
    }
}
