//! A core module in wasmtime under the limits of a host profile: fuel, memory, tables, time; and only the imports that the profile names.
use crate::refusal::{Refusal, Res, need, refuse, text};
use serde_json::Value;
use std::collections::VecDeque;
use wasmtime::{Caller, Config, Engine, Extern, FuncType, Instance, Linker, Memory, Module, Store, StoreLimits, StoreLimitsBuilder, Val, ValType};

pub const TICK_MILLISECONDS: u64 = 50;

/// What the plugin's functions of the host read and write.
#[derive(Default)]
pub struct World {
    pub limits: StoreLimits,
    pub channels: Vec<Value>,
    pub responses: Vec<(String, VecDeque<Value>)>,
    pub answer: Vec<u8>,
    pub result: Value,
    pub panel: Option<Value>,
}

pub struct Guest {
    pub store: Store<World>,
    instance: Instance,
    memory: Memory,
    fuel: u64,
    output_bytes: usize,
    ticks: u64,
}

pub fn engine() -> Res<Engine> {
    let mut config = Config::new();
    config.consume_fuel(true).epoch_interruption(true);
    Engine::new(&config).map_err(refuse("ENGINE"))
}

const TRAPPED: &str = "TRAP";
/// A host function: name, arguments as they stand, and what it answers.
pub type HostCall = fn(&mut Caller<World>, &str, &[Val]) -> Option<Val>;

pub fn number(value: &Val) -> usize {
    value.i32().unwrap_or_default() as u32 as usize
}

pub fn read(caller: &mut Caller<World>, address: &Val, length: &Val) -> Option<Vec<u8>> {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else { return None };
    let start = number(address);
    memory.data(&*caller).get(start..start.checked_add(number(length))?).map(<[u8]>::to_vec)
}

/// False where the address lies outside the memory.
pub fn write(caller: &mut Caller<World>, address: &Val, data: &[u8]) -> bool {
    let Some(Extern::Memory(memory)) = caller.get_export("memory") else { return false };
    memory.write(&mut *caller, number(address), data).is_ok()
}

impl Guest {
    pub fn new(engine: &Engine, data: &[u8], profile: &Value, vector: &Value, host: HostCall) -> Res<Self> {
        let limit = |name: &str| profile["limits"][name].as_u64();
        let most = |name: &str| limit(name).unwrap_or(u64::MAX >> 2) as usize;
        need(data.len() <= most("artifactBytes"), "TOO_LARGE", "artifact")?;
        let limits = StoreLimitsBuilder::new().memory_size(most("memoryBytes")).table_elements(most("tableElements")).build();
        let list = |name: &str| vector[name].as_array().cloned().unwrap_or_default();
        let responses = vector["responses"].as_object().into_iter().flatten();
        let responses = responses.map(|(name, all)| (name.clone(), all.as_array().cloned().unwrap_or_default().into())).collect();
        let mut store = Store::new(engine, World { limits, channels: list("channels"), responses, ..World::default() });
        store.limiter(|world| &mut world.limits);
        let fuel = limit("fuel").unwrap_or(u64::MAX >> 2);
        store.set_fuel(fuel).map_err(refuse("ENGINE"))?;
        let module = Module::new(engine, data).map_err(refuse("MODULE_INVALID"))?;
        let mut linker = Linker::new(engine);
        for import in module.imports() {
            let kind = import.ty().func().cloned().ok_or(Refusal("IMPORT_REFUSED", import.name().into()))?;
            allow(&mut linker, (import.module(), import.name(), kind), profile, &list("grants"), host)?;
        }
        // Compiling is the host's time, not the plugin's.
        store.set_epoch_deadline(limit("startMilliseconds").unwrap_or(1000) / TICK_MILLISECONDS + 2);
        let instance = linker.instantiate(&mut store, &module).map_err(refuse(TRAPPED))?;
        let memory = instance.get_memory(&mut store, "memory").ok_or(Refusal("MODULE_INVALID", "memory".into()))?;
        let ticks = limit("callMilliseconds").unwrap_or(1000) / TICK_MILLISECONDS + 2;
        let mut guest = Self { store, instance, memory, fuel, output_bytes: most("outputBytes"), ticks };
        if guest.has("_initialize") {
            guest.call("_initialize", &[])?;
        }
        Ok(guest)
    }

    pub fn refill(&mut self) -> Res<()> {
        self.store.set_epoch_deadline(self.ticks);
        self.store.set_fuel(self.fuel).map_err(refuse("ENGINE"))
    }

    pub fn used(&self) -> u64 {
        self.fuel - self.store.get_fuel().unwrap_or_default()
    }

    pub fn has(&mut self, name: &str) -> bool {
        self.instance.get_func(&mut self.store, name).is_some()
    }

    pub fn call(&mut self, name: &str, values: &[u32]) -> Res<u32> {
        let found = self.instance.get_func(&mut self.store, name).ok_or(Refusal("NO_ENTRY", name.into()))?;
        let values: Vec<Val> = values.iter().map(|value| Val::I32(*value as i32)).collect();
        let mut results = vec![Val::I32(0); found.ty(&self.store).results().len()];
        found.call(&mut self.store, &values, &mut results).map_err(refuse(TRAPPED))?;
        Ok(results.first().and_then(Val::i32).unwrap_or_default() as u32)
    }

    pub fn text(&self, address: u32, length: u32) -> Res<String> {
        need(length as usize <= self.output_bytes, "OUTPUT_LIMIT", "")?;
        let end = (address as usize).saturating_add(length as usize);
        let bytes = self.memory.data(&self.store).get(address as usize..end).ok_or(Refusal("BAD_ANSWER", "outside".into()))?;
        String::from_utf8(bytes.to_vec()).map_err(refuse("BAD_ANSWER"))
    }

    pub fn text_to_zero(&self, address: u32) -> Res<Value> {
        let rest = self.memory.data(&self.store).get(address as usize..).filter(|_| address != 0);
        let end = rest.and_then(|rest| rest.iter().position(|byte| *byte == 0)).ok_or(Refusal("BAD_ANSWER", "no end".into()))?;
        serde_json::from_str(&self.text(address, end as u32)?).map_err(refuse("BAD_ANSWER"))
    }

    pub fn write(&mut self, address: u32, data: &[u8]) -> Res<()> {
        self.memory.write(&mut self.store, address as usize, data).map_err(refuse("BAD_ANSWER"))
    }

    pub fn lend(&mut self, data: &[u8]) -> Res<[u32; 2]> {
        let address = self.call("alloc", &[data.len() as u32])?;
        need(address != 0, "OUT_OF_MEMORY", "alloc")?;
        self.write(address, data)?;
        Ok([address, data.len() as u32])
    }

    pub fn give_back(&mut self, block: &[u32; 2]) -> Res<()> {
        if self.has("dealloc") { self.call("dealloc", block).map(|_| ()) } else { Ok(()) }
    }
}

/// Only what the profile names; what was not granted answers so, and what this host does not offer is refused.
fn allow(linker: &mut Linker<World>, (module, name, kind): (&str, &str, FuncType), profile: &Value, grants: &[Value], host: HostCall) -> Res<()> {
    let full = format!("{module}.{name}");
    let mut imports = profile["imports"].as_array().into_iter().flatten();
    let meaning = imports.find(|one| one["module"] == module && one["name"] == name).map_or(&Value::Null, |one| &one["meaning"]);
    let meant = text(meaning, "as");
    let offered = module == text(profile, "host");
    need(["runtime", "capability"].contains(&meant) && offered, "IMPORT_REFUSED", &full)?;
    let denied = meant == "capability" && !grants.contains(&meaning["capability"]);
    let zero = kind.results().next();
    let call = move |mut caller: Caller<World>, values: &[Val], results: &mut [Val]| {
        let denial = match zero {
            Some(ValType::F64) => Val::F64(0),
            _ => Val::I32(-1),
        };
        let answer = if denied { Some(denial) } else { host(&mut caller, &full, values) };
        if let (Some(slot), Some(answer)) = (results.first_mut(), answer) {
            *slot = answer;
        }
        Ok(())
    };
    linker.func_new(module, name, kind, call).map(|_| ()).map_err(refuse("IMPORT_REFUSED"))
}
